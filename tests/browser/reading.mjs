// Reads what a page shows the way other programs would: QR codes, baked badges, status lists.
import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** The text of the QR code that `locator` shows, as a phone would read it off the screen. */
export async function readQr(locator) {
  const { data, width, height } = PNG.sync.read(await locator.screenshot());
  const code = jsQR(new Uint8ClampedArray(data), width, height);
  assert.ok(code, 'the picture is not a readable QR code');
  return code.data;
}

/** The credential inside a baked PNG: the text of its one `openbadgecredential` iTXt chunk (Open Badges 3.0 §5.3.1). */
export function unbakePng(bytes) {
  const found = [];
  for (let at = 8; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const chunk = bytes.subarray(at + 8, at + 8 + length);
    const keyword = chunk.subarray(0, chunk.indexOf(0)).toString('latin1');
    if (type === 'iTXt' && keyword === 'openbadgecredential') {
      assert.equal(chunk[keyword.length + 1], 0, 'the chunk must not be compressed');
      const afterLanguage = chunk.indexOf(0, keyword.length + 3) + 1;
      found.push(chunk.subarray(chunk.indexOf(0, afterLanguage) + 1).toString('utf8'));
    }
    at += length + 12;
  }
  assert.equal(found.length, 1, 'a baked badge has one credential');
  return found[0];
}

/** Whether the bit of `credential` is set in its status list as the server answers it now (VC-BSL §3.2). */
export async function statusBit({ credentialStatus: { statusListCredential: url, statusListIndex: index } }) {
  const list = await (await fetch(url, { headers: { accept: 'application/vc' } })).json();
  const bits = gunzipSync(Buffer.from(list.credentialSubject.encodedList.slice(1), 'base64url'));
  return (bits[index >> 3] >> (7 - (index & 7))) & 1;
}
