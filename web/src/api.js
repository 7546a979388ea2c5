// What the page asks the server. Addresses are relative to the page: it works under any base path.

/** An answer that is no success: its message is the server's own sentence. */
export class ApiError extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
export async function ask(path, options) {
  const response = await fetch(new URL(path, document.baseURI), options);
  const body = await response.json().catch(() => undefined);
  if (!response.ok) throw new ApiError(body?.detail ?? response.statusText, response.status);
  return body;
}

/** Resolves once tiles and siting can be answered. @param {(state: string) => void} waiting */
export async function ready(waiting) {
  for (;;) {
    const response = await fetch(new URL("health", document.baseURI)).catch(() => undefined);
    if (response?.ok) return;
    const body = await response?.json().catch(() => undefined);
    waiting(body?.state ?? "unreachable");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** @param {string} path */
export async function askText(path) {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new ApiError(response.statusText, response.status);
  return response.text();
}
