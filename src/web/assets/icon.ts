/** A house with a tick: what was approved. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="8" fill="#0b6b57"/>
<path d="M6 16.5 16 8l10 8.5V25a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1z" fill="none" stroke="#fff" stroke-width="2.2" stroke-linejoin="round"/>
<path d="m11.5 18.5 3.2 3.2 6-6.4" fill="none" stroke="#9ff0d6" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>
</svg>`;
