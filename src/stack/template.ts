import { readdirSync, readFileSync } from 'node:fs';

const PARTS = new URL('template/', import.meta.url);

/** What CloudFormation takes as a text, in bytes. Source: CloudFormation quotas, "Template body size in a request". */
export const LARGEST_TEMPLATE = 51_200;

/** The CloudFormation template: its parts by idea, in the order of their names. */
export function templateText(): string {
  const parts = readdirSync(PARTS).filter((name) => name.endsWith('.yaml')).sort();
  return parts.map((name) => readFileSync(new URL(name, PARTS), 'utf8')).join('');
}

/** The names of its parameters. */
export function parameterNames(template: string): readonly string[] {
  const [, section = ''] = /^Parameters:\n([^]*?)^\w/m.exec(template) ?? [];
  return [...section.matchAll(/^ {2}(\w+):$/gm)].map(([, name = '']) => name);
}
