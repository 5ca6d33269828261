import { openWorkshop, type Workshop } from '../work/workshop.js';
import { locationText } from '../model/location.js';
import { notSet, type Settings } from './settings.js';

interface Wish {
  readonly originals: string;
  readonly variants: string;
  readonly dryRun: boolean;
}

/** Kept from one invocation to the next, as long as the next wants the same: its connections are open already. */
let last: { readonly wish: string; readonly workshop: Promise<Workshop> } | undefined;

export function workshopFor({ originals, variants, dryRun }: Wish, { s3, config }: Settings): Promise<Workshop> {
  const wish = JSON.stringify([originals, variants, dryRun]);
  if (last?.wish !== wish) {
    last = { wish, workshop: openWorkshop({ originals, variants, s3, limits: config.limits }, { kind: dryRun ? 'trial' : 'make' }) };
  }
  return last.workshop;
}

/** For the function's own locations. @throws UserError */
export function openOwn(settings: Settings): Promise<Workshop> {
  const { originals, variants } = settings;
  if (variants === null) throw notSet('IMGVAR_VARIANTS');
  return workshopFor({ originals: locationText(originals), variants: locationText(variants), dryRun: false }, settings);
}
