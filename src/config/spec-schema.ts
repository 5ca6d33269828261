import { z } from 'zod';
import { FITS, FORMATS, KEEPS, POSITIONS, type Position, type Spec } from '../model/spec.js';

/** Sharp's and CSS's words for the gravities. */
const POSITION_WORDS = {
  center: 'centre',
  top: 'north',
  'right top': 'northeast',
  right: 'east',
  'right bottom': 'southeast',
  bottom: 'south',
  'left bottom': 'southwest',
  left: 'west',
  'left top': 'northwest',
} as const satisfies Record<string, Position>;

/** The encoders' effort, from quick to small. With `original` a spec meets them all, and each takes what is in its range. */
const EFFORTS = { webp: [0, 6], avif: [0, 9], png: [1, 10], original: [0, 10] } as const;

/** The longest side that every encoder takes (webp's limit). */
const MAX_SIDE = 16_383;

/** In the schemas, `error` says what is allowed; problems.ts puts what was found beside it. */
export function wholeNumber(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  // Fields are compared with each other only once each is right by itself, hence `abort`.
  return z.int({ error }).min(min, { error, abort: true }).max(max, { error, abort: true });
}

export function oneOf<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: words.map((word) => `"${word}"`).join(', ') });
}

const flag = () => z.boolean({ error: 'true or false' }).default(false);

const fields = z.strictObject(
  {
    width: wholeNumber(1, MAX_SIDE)
      .optional()
      .describe('Width of the box in pixels. Default: as the height demands; with neither, the image keeps its size.'),
    height: wholeNumber(1, MAX_SIDE)
      .optional()
      .describe('Height of the box in pixels. Default: as the width demands; with neither, the image keeps its size.'),
    fit: oneOf(FITS)
      .default('inside')
      .describe(
        'How the image is brought into the box. inside: whole and within it; outside: whole and at least as large; cover: fills it and is cropped; contain: whole, with a border; fill: stretched. All but inside need both width and height. Default: inside.',
      ),
    position: oneOf([...POSITIONS, ...(Object.keys(POSITION_WORDS) as (keyof typeof POSITION_WORDS)[])])
      .default('centre')
      .transform((word): Position => (word in POSITION_WORDS ? POSITION_WORDS[word as keyof typeof POSITION_WORDS] : (word as Position)))
      .describe(
        'Which part stays when cover crops (attention: the most striking, entropy: the richest in detail), or where the image stands in contain. Default: centre.',
      ),
    background: z
      .string({ error: 'a colour: #rgb, #rrggbb or #rrggbbaa' })
      .regex(/^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/, { error: 'a colour: #rgb, #rrggbb or #rrggbbaa' })
      .default('#ffffff')
      .transform(wholeColour)
      .describe('Colour (#rgb, #rrggbb or #rrggbbaa) behind transparency where the format has none, and of the border in contain. Default: #ffffff.'),
    format: oneOf(FORMATS)
      .default('original')
      .describe("The format to write. original: the content's own where the web can show it, else jpeg. Default: original."),
    quality: wholeNumber(1, 100)
      .optional()
      .describe("The encoder's quality, 1 to 100. Default: 80 for jpeg and webp, 50 for avif. png and lossless variants have none."),
    lossless: flag().describe('Keep every pixel exactly; format webp or avif only. Default: false.'),
    effort: wholeNumber(0, 10)
      .optional()
      .describe("The encoder's CPU effort: webp 0 to 6, avif 0 to 9, png 1 to 10; jpeg has none. More is slower and smaller. Default: the encoder's own."),
    progressive: flag().describe('Write images that appear coarse at first (jpeg, png). Default: false.'),
    enlarge: flag().describe('Whether an image smaller than the box is enlarged. Default: false.'),
    cacheControl: z
      .string({ error: 'a Cache-Control header in printable ASCII, at most 1000 characters' })
      .regex(/^[ -~]{1,1000}$/, { error: 'a Cache-Control header in printable ASCII, at most 1000 characters' })
      .optional()
      .describe('The Cache-Control header stored with the variant, where the store keeps headers. Default: none.'),
    keep: z
      .array(oneOf(KEEPS), { error: 'a list of "icc", "copyright", "exif"' })
      .default([])
      .transform((keeps) => [...new Set(keeps)].sort())
      .describe('Metadata that the variant keeps; all else is stripped. Default: [].'),
    animated: z
      .boolean({ error: 'true or false' })
      .default(true)
      .describe('Whether an animation stays one where the format can; else its first frame is taken. Default: true.'),
  },
  { error: 'an object with the fields of a spec' },
);

/** One spec as people write it, checked, with every default filled in and every word in its one form. */
export const specSchema = fields
  .superRefine((spec, context) => {
    for (const [field, message] of contradictions(spec)) context.addIssue({ code: 'custom', path: [field], message });
  })
  .transform(
    (spec): Omit<Spec, 'name'> => ({
      ...spec,
      width: spec.width ?? null,
      height: spec.height ?? null,
      quality: spec.quality ?? null,
      effort: spec.effort ?? null,
      cacheControl: spec.cacheControl ?? null,
    }),
  )
  .describe('What one variant must be.');

export const SPEC_FIELDS: readonly string[] = Object.keys(fields.shape);

/** Fields that are right by themselves and not together, such as a setting that the chosen format does not have. */
function* contradictions(spec: z.output<typeof fields>): Generator<[keyof typeof spec, string]> {
  const { fit, format } = spec;
  if (fit !== 'inside' && (spec.width === undefined || spec.height === undefined)) {
    yield [spec.width === undefined ? 'width' : 'height', `fit "${fit}" needs both width and height`];
  }
  if (fit === 'contain' && (spec.position === 'attention' || spec.position === 'entropy')) {
    yield ['position', `"${spec.position}" chooses what "cover" keeps; "contain" crops nothing and takes a gravity such as "centre"`];
  }
  if (spec.lossless && format !== 'webp' && format !== 'avif') {
    yield ['lossless', `only the formats webp and avif can be lossless; this spec's format is "${format}"`];
  }
  if (spec.quality !== undefined && format === 'png') yield ['quality', 'the format png has no quality; it is always exact'];
  if (spec.progressive && (format === 'webp' || format === 'avif')) {
    yield ['progressive', `only jpeg and png can be progressive; this spec's format is "${format}"`];
  }
  if (spec.effort !== undefined) {
    if (format === 'jpeg') yield ['effort', 'the format jpeg has no effort'];
    else if (spec.effort < EFFORTS[format][0] || spec.effort > EFFORTS[format][1]) {
      yield ['effort', `found ${spec.effort}; allowed for ${format}: a whole number from ${EFFORTS[format].join(' to ')}`];
    }
  }
}

/** `#abc` is short for `#aabbcc`. */
function wholeColour(colour: string): string {
  const lower = colour.toLowerCase();
  return lower.length === 4 ? lower.replace(/[0-9a-f]/g, '$&$&') : lower;
}
