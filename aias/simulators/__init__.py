"""Local servers that speak Shopify's and Wave's APIs, Slack's webhooks and SMTP."""
