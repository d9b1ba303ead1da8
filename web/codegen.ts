import { createHash } from "node:crypto";

import type { CodegenConfig } from "@graphql-codegen/cli";

// Types and hashes of the documents that lie beside the pages; the gateway knows the documents by their hashes.
const config: CodegenConfig = {
  schema: "../schema/schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/graphql/": {
      preset: "client",
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: {
          mode: "replaceDocumentWithHash",
          hashPropertyName: "hash",
          hashAlgorithm: (text: string) => createHash("sha256").update(text).digest("hex"),
        },
      },
      config: {
        documentMode: "string",
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: "string", JSON: "unknown" },
      },
    },
  },
};

export default config;
