// Getting what a verification wants: nothing before a click, nothing with cookies, nothing larger than it may be.

import { documentUrl } from './did.mjs';
import { LARGEST_LIST } from './status_list.mjs';

const PATIENCE = 15_000;
const LARGEST = { did_document: 64 * 1024, key_document: 64 * 1024, status_list: LARGEST_LIST };

/** `texts` says why something was not to be had; `base` is this server by its own name; `fetched` collects the addresses. */
export function fetcher({ texts, base, fetched = [] }) {
  const here = location.origin;
  async function get(address, { accept, limit }) {
    // this server may be open under another name than its own, such as localhost
    const url = new URL(address === base || address.startsWith(`${base}/`) ? address.slice(base.length) || '/' : address, here);
    if (url.origin !== here && url.protocol !== 'https:') throw new Error(texts['unreached-refused']);
    fetched.push(url.href);
    let answer;
    try {
      answer = await fetch(url, {
        headers: { accept }, credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      throw new Error(texts['unreached-cors']);
    }
    if (!answer.ok || !answer.body) throw new Error(texts['unreached-status']);
    return { bytes: await capped(answer.body.getReader(), limit) };
  }

  async function capped(reader, limit) {
    const chunks = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read().catch(() => { throw new Error(texts['unreached-cors']); });
      if (done) break;
      length += value.length;
      if (length > limit) {
        reader.cancel().catch(() => {});
        throw new Error(texts['unreached-large']);
      }
      chunks.push(value);
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  }

  return {
    fetched,
    get,
    /** What `verify` asks for. */
    resolve({ kind, of }) {
      const accept = kind === 'status_list' ? 'application/vc, application/json' : 'application/did+json, application/json';
      return get(kind === 'did_document' ? documentUrl(of) : of, { accept, limit: LARGEST[kind] });
    },
  };
}
