import type { FunctionName, LiveEvent } from '../model/live-event.js';

/** What a line of a function's log tells; undefined for lines about nothing that happened to an original. */
export function eventIn(line: string, name: FunctionName): LiveEvent | undefined {
  const { level, code, key: original, ...told } = fieldsOf(line);
  if (typeof code !== 'string' || typeof original !== 'string') return undefined;
  if (level === 'error') {
    const variant = typeof told['variant'] === 'string' ? told['variant'] : null;
    return { type: 'failed', function: name, original, variant, code, detail: String(told['detail'] ?? ''), retryable: told['again'] === true };
  }
  if (code === 'made') {
    return { type: 'made', original, variants: told['variants'] as readonly string[], bytes: Number(told['bytesWritten']), seconds: Number(told['seconds']) };
  }
  if (code === 'copied' || code === 'present') return { type: 'backed-up', original, result: code, bytes: Number(told['bytes']) };
  return undefined;
}

function fieldsOf(line: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {}; // the last words of a process
  }
}
