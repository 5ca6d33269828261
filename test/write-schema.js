/** Writes schema.json from the built config schema; run it by `npm run schema` when the schema has changed. */
import { writeFileSync } from 'node:fs';
import { configJsonSchemaText } from '../dist/config/json-schema.js';

writeFileSync(new URL('../schema.json', import.meta.url), configJsonSchemaText());
