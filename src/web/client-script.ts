/**
 * What the page runs: it puts in what the server rendered (and escaped) whenever there is news, and copies commands. What is
 * open, focused or scrolled stays so. Without it the page is still there, as of when it was loaded.
 */
export const CLIENT_SCRIPT = `'use strict';
const live = document.getElementById('live');
const link = document.getElementById('link');
const say = document.getElementById('say');

function keyOf(element) {
  return element && live.contains(element) ? element.closest('[data-key]')?.dataset.key : undefined;
}

function show(html) {
  const focused = keyOf(document.activeElement);
  const open = new Set([...live.querySelectorAll('details[open]')].map((one) => one.dataset.key));
  live.innerHTML = html;
  for (const one of live.querySelectorAll('details')) one.open = open.has(one.dataset.key) || one.open;
  if (focused) live.querySelector('[data-key="' + CSS.escape(focused) + '"]')?.focus({ preventScroll: true });
  const loud = live.querySelector('[data-announce]')?.dataset.announce ?? '';
  if (say.textContent !== loud) say.textContent = loud;
  document.title = live.querySelector('[data-title]')?.dataset.title ?? document.title;
}

live.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-copy]');
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = 'Copied';
  } catch {
    const range = document.createRange();
    range.selectNodeContents(button.previousElementSibling);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    button.textContent = 'Selected: press Ctrl+C';
  }
});

const source = new EventSource('events');
source.onmessage = (event) => {
  link.textContent = 'live';
  link.className = 'link on';
  show(JSON.parse(event.data));
};
source.onerror = () => {
  link.textContent = 'firebreak has stopped, or cannot be reached';
  link.className = 'link off';
};
`;
