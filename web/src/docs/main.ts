import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";

// TRICKY: the package's main entry is for servers; this one is the whole renderer for a browser, with what it needs.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

import { readToken, takeTokenFromAddress } from "../session/token";

takeTokenFromAddress();

const shown = SwaggerUI({
  domNode: document.getElementById("root"),
  url: "/openapi.json",
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: "list",
  tryItOutEnabled: true,
  // Otherwise the description is sent to a validator of somebody else's.
  validatorUrl: null,
  onComplete: () => {
    const token = readToken();
    if (token) shown.preauthorizeApiKey("bearer", token);
  },
});
