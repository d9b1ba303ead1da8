import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    environment: "happy-dom",
    include: ["tests/**/*.test.{ts,tsx}"],
    // One zone and one locale, so that dates and numbers are the same everywhere.
    env: { TZ: "UTC" },
    setupFiles: ["tests/setup.ts"],
  },
});
