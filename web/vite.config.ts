import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

// The web UI, which is one application (src/app/sites.ts lists its pages), the query editor, and the REST description.
const pages = {
  ui: "index.html",
  graphiql: "graphiql/index.html",
  docs: "docs/index.html",
};

/** Puts a .gz beside every script and style sheet, so the gateway need not compress megabytes while it answers. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    // TRICKY: generateBundle comes too early, Vite still rewrites chunks after it; so the written files are read back.
    writeBundle({ dir }) {
      const assets = join(dir!, "assets");
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css)$/.test(name)) continue;
        const file = join(assets, name);
        writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [compressed()],
  build: {
    // "use client" and the like, in every second package, mean nothing in a browser build.
    rolldownOptions: { input: pages, checks: { moduleLevelDirective: false, bundlerTimings: false } },
    // The pages allow no inline scripts, and every browser that runs them preloads modules itself.
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The editor is one lazy chunk of about 3 MB; a warning at every build would say nothing new.
    chunkSizeWarningLimit: 4096,
  },
  worker: { format: "es" },
});
