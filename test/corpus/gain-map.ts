import { withSegment } from './jpeg.js';
import { painted } from './pictures.js';

/** What phones write for bright screens, by Adobe's specification: it doubles the light where the map is white. */
const GAIN =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" hdrgm:GainMapMax="1" hdrgm:HDRCapacityMax="1"/>' +
  '</rdf:RDF></x:xmpmeta>';

/** The JPEG file with a gain map: a second JPEG file behind it, which its MPF segment (here without entries) announces. */
export async function withGainMap(jpeg: Buffer): Promise<Buffer> {
  const map = await painted(16, 16, () => [128, 128, 128]).toColourspace('b-w').jpeg().toBuffer();
  const announced = withSegment(jpeg, 0xe2, Buffer.from('MPF\0MM\0*\0\0\0\x08\0\0\0\0\0\0', 'latin1'));
  return Buffer.concat([announced, withSegment(map, 0xe1, Buffer.from(`http://ns.adobe.com/xap/1.0/\0${GAIN}`, 'latin1'))]);
}
