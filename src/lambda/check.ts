import { PROTOCOL, type CheckRequest, type Checked, type Refusal } from '../model/invocation.js';
import { locationText, type Location } from '../model/location.js';
import { addRequests } from '../model/requests.js';
import { UserError } from '../model/user-error.js';
import { openStore } from '../store/open.js';
import { refusal } from './request.js';
import { notSet, type Settings } from './settings.js';

/** Tries what this function is there for, as its own role may. */
export async function checkAccess(request: CheckRequest, settings: Settings): Promise<Checked | Refusal> {
  const foreign = foreignTo(request, settings);
  if (foreign !== undefined) return foreign;
  if (settings.variants === null) throw notSet('IMGVAR_VARIANTS');
  const originals = await openStore(settings.originals, settings.s3);
  const variants = await openStore(settings.variants, settings.s3);
  try {
    await originals.check('read');
    await variants.check(request.access);
  } catch (error) {
    if (error instanceof UserError) return refusal(error.code, error.message);
    throw error;
  }
  return { imgvar: 'checked', protocol: PROTOCOL, requests: addRequests(originals.own.requests, variants.own.requests) };
}

/** No caller directs a function elsewhere than where it was deployed for. */
export function foreignTo({ originals, variants }: { readonly originals: string; readonly variants: string }, settings: Settings): Refusal | undefined {
  if (originals === textOf(settings.originals) && variants === textOf(settings.variants)) return undefined;
  return refusal('location-foreign', `This function does not work from ${originals} to ${variants}: deploy it for these locations, or call the one that was.`);
}

function textOf(location: Location | null): string | null {
  return location === null ? null : locationText(location);
}
