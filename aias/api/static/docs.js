"use strict";
window.SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#docs",
    deepLinking: true,
    docExpansion: "none",
    tagsSorter: "alpha",
    validatorUrl: null,
});
