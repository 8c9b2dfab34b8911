// Passkeys: the page says what is asked of one, and what it answers is sent with the form. Without script, or where the
// browser knows no passkeys, there is a password and a code.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

function asked(options) {
  const found = { ...options, challenge: bytes(options.challenge) };
  if (options.user) found.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) found.excludeCredentials = named(options.excludeCredentials);
  if (options.allowCredentials) found.allowCredentials = named(options.allowCredentials);
  return found;
}

function told(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: {},
    response,
  });
}

function ready(place) {
  const form = place.querySelector("form");
  const problem = place.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const publicKey = asked(JSON.parse(place.dataset.options));
      const credential = await navigator.credentials[place.dataset.passkey]({ publicKey });
      form.elements.answer.value = told(credential);
    } catch {
      problem.hidden = false; // the region is announced as it appears
      return;
    }
    form.submit();
  });
  place.hidden = false;
}

export function passkeys(places) {
  if (window.PublicKeyCredential) places.forEach(ready);
}
