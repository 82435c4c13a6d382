"""What requests and answers hold: pydantic models, one module per resource."""
