import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'imgvar');

/** Where `test/bench/install.sh` puts sharp-cli. */
export const SHARP_CLI = join(CACHE, 'sharp-cli/node_modules/.bin/sharp');

const MATE = 'mate-backgrounds/usr/share/backgrounds/mate/nature';
const PLASMA = 'plasma-workspace-wallpapers/usr/share/wallpapers';

/** The photographs among the two packages' pictures; the others are drawn. */
const PHOTOGRAPHS = [
  ...['Aqua', 'Blinds', 'Dune', 'FreshFlower', 'Garden', 'GreenMeadow', 'LadyBird', 'RainDrops', 'Storm', 'TwoWings', 'Wood', 'YellowFlower'].map((name) => `${MATE}/${name}.jpg`),
  ...['BytheWater', 'ColdRipple', 'ColorfulCups', 'DarkestHour', 'EveningGlow', 'FallenLeaf', 'Grey', 'Kite', 'OneStandsOut', 'Path', 'summer_1am'].map((name) => `${PLASMA}/${name}/contents/images/2560x1600.jpg`),
];

/**
 * Files of real photographs: the 23 that `test/bench/install.sh` fetches (1280x1024 to 2560x1920), or the five that the
 * project ships.
 *
 * @returns {string[]}
 */
export function sourcePhotographs() {
  const fetched = PHOTOGRAPHS.map((name) => join(CACHE, 'photographs', name)).filter((file) => existsSync(file));
  if (fetched.length === PHOTOGRAPHS.length) return fetched;
  const shipped = fileURLToPath(new URL('../fixtures/photos/', import.meta.url));
  return readdirSync(shipped).filter((name) => /\.(jpe?g|png)$/.test(name)).map((name) => join(shipped, name));
}
