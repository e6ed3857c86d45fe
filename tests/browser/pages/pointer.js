const canvas = document.querySelector("canvas");
const context = canvas.getContext("2d");
canvas.addEventListener("pointerdown", ({ pointerType }) => {
  canvas.dataset.pointer = pointerType;
});
canvas.addEventListener("pointermove", ({ buttons, offsetX, offsetY }) => {
  if (buttons) context.fillRect(offsetX - 2, offsetY - 2, 4, 4);
});
canvas.addEventListener("keydown", ({ key, shiftKey }) => {
  document.querySelector("[role=status]").textContent = shiftKey ? `Shift ${key}` : key;
});
const [clear, reject] = document.querySelectorAll("button");
clear.addEventListener("click", () => context.clearRect(0, 0, 200, 200));
reject.addEventListener("click", () => Promise.reject(new Error("rejected")));
