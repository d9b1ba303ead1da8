// The reader of the tests reads British English.
Object.defineProperty(navigator, "languages", { value: ["en-GB"], configurable: true });
Object.defineProperty(navigator, "language", { value: "en-GB" });
