/** Bytes of a request or an answer. Source: AWS Lambda Developer Guide, "Lambda quotas": 6 MB; the figure is that of its messages. */
export const LARGEST_PAYLOAD = 6_291_556;

/** @param {string} errorType @param {string} errorMessage */
export function errorPayload(errorType, errorMessage) {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }));
}
