/** Somebody at a browser without a screen: keeps cookies, follows redirects, fills in the sign-in form. */
export class Browser {
  #cookies = new Map();

  /** Opens an address, signs in where asked, and returns the address under `until` that the server sent it to. */
  async signIn(address, until, { email, password }) {
    const page = await this.#open(address, until);
    if (page instanceof URL) return page;

    const form = readForm(page.html);
    form.fields.set('Email', email).set('Password', password);
    const target = new URL(form.action || page.address, page.address);
    const sent = await this.#open(target, until, new URLSearchParams([...form.fields]));
    if (sent instanceof URL) return sent;
    throw new Error(`The sign-in led to ${sent.address} (${sent.status}): ${textOf(sent.html)}`);
  }

  /** Opens an address and returns the address under `until` that the server sent it to. */
  async open(address, until) {
    const page = await this.#open(address, until);
    if (page instanceof URL) return page;
    throw new Error(`${address} showed ${page.address} (${page.status}): ${textOf(page.html)}`);
  }

  async #open(address, until, body) {
    for (let url = new URL(address), hops = 0; hops < 10; hops++) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { method: body ? 'POST' : 'GET', body, headers: { cookie }, redirect: 'manual' });
      for (const line of answer.headers.getSetCookie()) this.#keep(line);

      const location = answer.headers.get('location');
      if (!location) return { address: url, status: answer.status, html: await answer.text() };
      url = new URL(location, url);
      body = undefined;
      if (url.href.startsWith(until)) return url;
    }
    throw new Error(`${address} redirects without end.`);
  }

  #keep(line) {
    const [pair, ...attributes] = line.split(';');
    const [name, ...value] = pair.split('=');
    const isExpired = attributes.some((a) => /^\s*(max-age=0|expires=Thu, 01 Jan 1970)/i.test(a));
    if (isExpired) this.#cookies.delete(name);
    else this.#cookies.set(name, value.join('='));
  }
}

function readForm(html) {
  const form = /<form\b[^>]*method="post"[^>]*>[\s\S]*?<\/form>/i.exec(html)?.[0];
  if (!form) throw new Error(`There is no form on the page: ${textOf(html)}`);
  const fields = new Map();
  for (const [input] of form.matchAll(/<input\b[^>]*>/gi)) {
    if (attribute(input, 'name')) fields.set(attribute(input, 'name'), attribute(input, 'value') ?? '');
  }
  return { action: attribute(/<form\b[^>]*>/i.exec(form)[0], 'action'), fields };
}

function attribute(tag, name) {
  const value = new RegExp(`\\s${name}="([^"]*)"`, 'i').exec(tag)?.[1];
  return value?.replaceAll('&quot;', '"').replaceAll('&#x2B;', '+').replaceAll('&amp;', '&');
}

function textOf(html) {
  return html.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]+>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 300);
}
