// Reading a QR code with the camera or out of a picture, on this device alone. What is found is filled in and named by its domain; nothing is
// opened. The camera runs from one press of the button until a code is found, the button is pressed again, or the page is left.

import { fill, make } from './report.mjs';

const WIDEST = 1600;

/** Brings the parts of a scanner to life: `[data-scan]` with a camera button, a video, a picture field and a place for words. */
export function offer(block) {
  const part = (name) => block.querySelector(`[data-scan-${name}]`);
  const [button, video, picture, words] = ['camera', 'video', 'picture', 'words'].map(part);
  const field = document.getElementById(block.dataset.scan);
  const label = button.textContent;
  let said;
  let stream;
  block.hidden = false;
  button.hidden = !navigator.mediaDevices?.getUserMedia;

  const tell = (...children) => words.replaceChildren(...children);
  const texts = async () => {
    said ??= await (await fetch(block.dataset.scanTexts, { headers: { accept: 'application/json' } })).json();
    return said.texts;
  };
  const stop = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    video.srcObject = null;
    video.hidden = true;
    button.textContent = label;
  };
  addEventListener('pagehide', stop);

  const found = async (text) => {
    stop();
    const say = await texts();
    let url;
    try {
      url = new URL(text);
    } catch { /* no address: a credential itself, perhaps */ }
    const address = url && /^https?:$/.test(url.protocol) ? url : undefined;
    field.value = address ? address.href : text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    if (!address) return tell(make('p', {}, say['scan-text']));
    const own = [new URL(said.base).host, location.host].includes(address.host);
    const warnings = [];
    if (!own) warnings.push(fill(say['scan-foreign'], { domain: address.host }));
    if (!own && address.protocol !== 'https:') warnings.push(say['scan-insecure']);
    const [before, after] = say['scan-found'].split('{domain}');
    tell(make('p', {}, before, make('strong', { className: 'domain domain--large' }, address.host), after),
      ...warnings.map((text_) => make('p', { className: 'notice notice--warning' }, text_)));
    return field.focus();
  };

  button.addEventListener('click', async () => {
    if (stream) return tell(stop());
    const say = await texts();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
    } catch (error) {
      return tell(make('p', {}, say[error.name === 'NotAllowedError' || error.name === 'SecurityError' ? 'scan-denied' : 'scan-no-camera']));
    }
    video.srcObject = stream;
    video.hidden = false;
    button.textContent = say['scan-stop'];
    tell(make('p', {}, say['scan-looking']));
    await video.play();
    const read = await reader();
    const look = async () => {
      if (!stream) return;
      const text = video.readyState >= 2 ? await read(video, video.videoWidth, video.videoHeight) : undefined;
      if (!stream) return;
      if (text) await found(text);
      else requestAnimationFrame(look);
    };
    return look();
  });

  picture.addEventListener('change', async () => {
    const [file] = picture.files;
    if (!file) return undefined;
    stop();
    const say = await texts();
    const image = await createImageBitmap(file).catch(() => undefined);
    if (!image) return tell(make('p', {}, say['scan-unreadable']));
    const read = await reader();
    const text = await read(image, image.width, image.height);
    image.close();
    picture.value = '';
    return text ? found(text) : tell(make('p', {}, say['scan-nothing']));
  });
}

/** `(image, width, height)` → the text of the code in it: by the browser's own reader, or else by one in JavaScript. */
async function reader() {
  const native = 'BarcodeDetector' in globalThis && (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes('qr_code');
  if (native) {
    const detector = new BarcodeDetector({ formats: ['qr_code'] });
    return async (image) => (await detector.detect(image).catch(() => []))[0]?.rawValue;
  }
  await import('./vendor/jsqr.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return async (image, width, height) => {
    for (const widest of [WIDEST, 640]) {
      const scale = Math.min(1, widest / Math.max(width, height));
      [canvas.width, canvas.height] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      const text = globalThis.jsQR(data, canvas.width, canvas.height)?.data;
      if (text || scale === 1) return text || undefined;
    }
    return undefined;
  };
}
