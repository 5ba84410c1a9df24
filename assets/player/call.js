// One call of the API. Answers {status, body}, or null where no answer came: the connection is away, or the server is.
export async function call(player, method, path, body, { timeout = 10000, keepalive = false } = {}) {
  try {
    const answer = await fetch(`/api/v1/attempts/${player.attempt}${path}`, {
      method,
      keepalive,
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', 'x-csrf-token': player.csrf },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(timeout),
    });
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) return null;
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  } catch {
    return null;
  }
}

export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
