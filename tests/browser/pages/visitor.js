// Imports the module named in the address, lets each engine predict and train, and tells the page around what came of
// it.
const answers = {};
try {
  const module = await import(new URLSearchParams(location.search).get("module"));
  const layers = [
    { class_name: "InputLayer", config: { batch_shape: [null, 4, 4, 1] } },
    { class_name: "Flatten", config: {} },
    { class_name: "Dense", config: { units: 2, activation: "softmax" } },
  ];
  const { connectEngine, loadEngine } = module;
  const starts = { connectEngine, loadEngine, "two workers": () => connectEngine({ workers: 2 }) };
  for (const [name, start] of Object.entries(starts)) {
    const { Model } = await start();
    const model = await Model.fromConfig({ class_name: "Sequential", config: { layers } }, { seed: 1 });
    await model.compile({ optimizer: "sgd", loss: "sparse_categorical_crossentropy" });
    const [one, two] = await model.predict(new Float32Array(16));
    const { loss } = await model.trainStep(new Float32Array(32 * 16), new Uint8Array(32));
    answers[name] = [one, two, loss.toFixed(4)];
  }
} catch (error) {
  answers.error = String(error);
}
globalThis.answers = answers;
parent.postMessage(answers, "*");
