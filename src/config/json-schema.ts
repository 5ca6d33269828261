import { z } from 'zod';
import { configSchema } from './schema.js';

/** The JSON Schema of a config file, for editors. Draft 7, as that is what they know best. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }), title: 'imgvar.config.json' };
}

/** What stands in schema.json. */
export function configJsonSchemaText(): string {
  return `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
}
