import { z } from 'zod';
import { LayoutError, parseLayout } from '../model/layout.js';
import { ACTIVE_FORMATS, DEFAULT_LIMITS } from '../model/limits.js';
import { parseLocation } from '../model/location.js';
import { UserError } from '../model/user-error.js';
import { oneOf, SPEC_FIELDS, specSchema, wholeNumber } from './spec-schema.js';

const LOCATION_WORDS = 'A folder, relative to this file, or s3://bucket/prefix/; a missing slash is added.';

const location = () =>
  z.string({ error: 'a folder or s3://bucket/prefix/' }).superRefine((text, context) => {
    try {
      // Where the file stands does not matter for whether the text is right.
      parseLocation(text, '/');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.addIssue({ code: 'custom', message: error.message.replace(/\.$/, '') });
    }
  });

const SPEC_NAME = /^(?!original$)[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const SPEC_NAME_WORDS =
  '1 to 64 letters, digits, "-" and "_", with a letter or digit first; "original" is taken';

const specs = z
  .record(z.string().regex(SPEC_NAME, { error: SPEC_NAME_WORDS }), specSchema, { error: 'an object: a spec for each name' })
  .superRefine((byName, context) => {
    const names = Object.keys(byName);
    if (names.length === 0) context.addIssue({ code: 'custom', message: 'there must be at least one spec' });
    for (const name of names) {
      const twin = names.find((other) => other < name && other.toLowerCase() === name.toLowerCase());
      if (twin === undefined) continue;
      context.addIssue({ code: 'custom', path: [name], message: `some file systems cannot tell it from "${twin}"; rename one` });
    }
  })
  .meta({ description: `The variants to make, by name: ${SPEC_NAME_WORDS}. At least one.`, minProperties: 1 });

/** Names of functions, and of what belongs to the distribution, begin with it, and may have 64 characters. */
export const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;
export const STACK_NAME_WORDS = '1 to 32 letters, digits and "-", with a letter first';

const lambda = z.strictObject(
  {
    function: z
      .string({ error: "a Lambda function's name or ARN" })
      .regex(/^[A-Za-z0-9:_-]{1,170}$/, { error: "a Lambda function's name or ARN" })
      .optional()
      .describe('Name or ARN of the function that makes variants. Default: none.'),
    backup: z
      .string({ error: "a Lambda function's name or ARN" })
      .regex(/^[A-Za-z0-9:_-]{1,170}$/, { error: "a Lambda function's name or ARN" })
      .optional()
      .describe('Name or ARN of the function that backs originals up. Default: none.'),
  },
  { error: 'an object with the fields function, backup' },
);

const cloudFront = z.strictObject(
  {
    distribution: z
      .string({ error: 'the id of a CloudFront distribution' })
      .regex(/^[A-Za-z0-9-]{1,64}$/, { error: 'the id of a CloudFront distribution, such as "E2EXAMPLE1234"' })
      .optional()
      .describe('Id of the distribution that delivers the variants, for --invalidate. Default: none.'),
    path: z
      .string({ error: 'a URL path such as "/images/"' })
      .regex(/^\/([^*?#\s]*\/)?$/, { error: 'a URL path such as "/images/", with a slash at both ends' })
      .optional()
      .describe("The URL path under which the variants are delivered. Default: the variants' prefix in their bucket."),
  },
  { error: 'an object with the fields distribution, path' },
);

const limits = z.strictObject(
  {
    pixels: wholeNumber(1, Number.MAX_SAFE_INTEGER)
      .default(DEFAULT_LIMITS.pixels)
      .describe(`The most pixels of one original: width x height x frames; AVIF's count three times, WebP's one and a half, some of more than 8 bits up to 6.7 times. Default: ${DEFAULT_LIMITS.pixels}.`),
    bytes: wholeNumber(1, 2 ** 31 - 1)
      .default(DEFAULT_LIMITS.bytes)
      .describe(`The largest content of one original in bytes. Default: ${DEFAULT_LIMITS.bytes} (256 MiB).`),
    seconds: wholeNumber(1, 3600)
      .default(DEFAULT_LIMITS.seconds)
      .describe(`The longest time for all the work on one original in seconds. Default: ${DEFAULT_LIMITS.seconds}.`),
    allow: z
      .array(oneOf(ACTIVE_FORMATS), { error: 'a list of "svg"' })
      .default([...DEFAULT_LIMITS.allow])
      .transform((formats) => [...new Set(formats)])
      .describe('Formats that are documents or programs rather than pixels, and are read only where they are named here. Default: [].'),
  },
  { error: 'an object with the fields pixels, bytes, seconds, allow' },
);

/** Those from which a variant can be read at once. */
const STORAGE_CLASSES = ['STANDARD', 'INTELLIGENT_TIERING', 'STANDARD_IA', 'ONEZONE_IA', 'GLACIER_IR'] as const;

const s3 = z.strictObject(
  {
    endpoint: z
      .url({ protocol: /^https?$/, error: 'an address such as "https://s3.example.com"' })
      .optional()
      .describe('Address of a provider other than AWS, addressed path-style. Default: AWS, or AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.'),
    region: z
      .string({ error: 'a region such as "eu-west-1"' })
      .regex(/^[a-z0-9-]+$/, { error: 'a region such as "eu-west-1"' })
      .optional()
      .describe("Default: AWS_REGION or the profile's. A bucket in another region is found."),
    requesterPays: z.boolean({ error: 'true or false' }).default(false).describe('Whether you pay for requests to a bucket of others. Default: false.'),
    storageClass: oneOf(STORAGE_CLASSES)
      .optional()
      .describe("The storage class that variants are written with. Default: the bucket's, which is STANDARD."),
    timeoutSeconds: wholeNumber(1, 600)
      .default(15)
      .describe('How long a connection may be silent before its request is tried again, in seconds. Default: 15.'),
  },
  { error: 'an object with the fields endpoint, region, requesterPays, storageClass, timeoutSeconds' },
);

const fields = z.strictObject(
  {
    $schema: z.string({ error: 'the address of a JSON Schema' }).optional().describe('For editors: the schema of this file.'),
    originals: location().optional().describe(`Where the originals are. ${LOCATION_WORDS} Default: given on the command line.`),
    variants: location().optional().describe(`Where the variants go. ${LOCATION_WORDS} Default: given on the command line.`),
    backup: location().optional().describe(`Where originals are backed up. ${LOCATION_WORDS} Used by imgvar backup and restore, and by imgvar deploy, as a bucket. Default: none.`),
    layout: z
      .string({ error: 'a template such as "{variant}/{path}"' })
      .default('{variant}/{path}')
      .describe(
        "The variants' keys: {variant} and either {path}, or {dir}/, {name} and .{ext}, with literal text between. Default: {variant}/{path}.",
      ),
    specs,
    engine: oneOf(['local', 'lambda']).default('local').describe('Where the work is done. Default: local.'),
    lambda: lambda.prefault({}).describe('Settings of the engine lambda.'),
    stack: z
      .string({ error: STACK_NAME_WORDS })
      .regex(STACK_NAME, { error: STACK_NAME_WORDS })
      .optional()
      .describe(`Name of the CloudFormation stack that imgvar deploy makes: ${STACK_NAME_WORDS}. Default: imgvar.`),
    cloudFront: cloudFront.prefault({}).describe('What delivers the variants.'),
    s3: s3.prefault({}).describe('How buckets are reached.'),
    memory: wholeNumber(1, 1024 * 1024)
      .default(512)
      .describe('The most that originals and variants in flight may take in memory, in MB; decoded pixels come on top. Default: 512.'),
    leaseSeconds: wholeNumber(2, 3600)
      .default(60)
      .describe('After how long without a sign of life another run may take over the variants, in seconds. Default: 60.'),
    confirmAbove: z
      .number({ error: 'a number of USD from 0 on' })
      .nonnegative({ error: 'a number of USD from 0 on' })
      .default(10)
      .describe('A run that is expected to cost more, in USD, asks before it begins. Default: 10.'),
    limits: limits.prefault({}).describe('What is accepted of one original, so that a hostile one cannot take the run down.'),
  },
  { error: 'an object with the fields of a config' },
);

/** The config file: the one source of what is checked, of the defaults, and of the JSON Schema for editors. */
export const configSchema = fields
  .superRefine((config, context) => {
    try {
      parseLayout(config.layout, Object.keys(config.specs));
    } catch (error) {
      if (!(error instanceof LayoutError)) throw error;
      context.addIssue({ code: 'custom', path: ['layout'], message: `${JSON.stringify(config.layout)}: ${error.message}` });
    }
  })
  .describe('The config of imgvar: which variants to make of which originals.');

export type ConfigInput = z.input<typeof configSchema>;
export type ConfigOutput = z.output<typeof configSchema>;

/** The fields that an object at this path of a config may have. */
export function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(fields.shape);
  if (path[0] === 'specs' && path.length === 2) return SPEC_FIELDS;
  if (path[0] === 'lambda') return Object.keys(lambda.shape);
  if (path[0] === 'cloudFront') return Object.keys(cloudFront.shape);
  if (path[0] === 's3') return Object.keys(s3.shape);
  return path[0] === 'limits' ? Object.keys(limits.shape) : [];
}
