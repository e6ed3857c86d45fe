const { width, height, url } = Object.fromEntries(new URLSearchParams(location.search));
const frame = document.querySelector("iframe");
Object.assign(frame, { width, height, src: url });
