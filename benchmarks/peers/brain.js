// brain.js without a GPU: its NeuralNetwork in 32 bits, one update after each sample.
"use strict";

const { NeuralNetwork } = require("brain.js");
const { serve } = require("./serve.js");

serve(["brain.js"], (workload) => {
  const [inputSize, ...rest] = workload.sizes;
  const outputSize = rest.pop();
  const network = new NeuralNetwork({ inputSize, hiddenLayers: rest, outputSize });
  network.initialize();
  // Set here, because its options refuse a momentum of 0.
  Object.assign(network.trainOpts, { learningRate: workload.eta, momentum: 0 });
  workload.W.forEach((W, l) => {
    W.forEach((row, to) => network.weights[l + 1][to].set(row));
    network.biases[l + 1].set(workload.b[l]);
  });
  const patterns = workload.x.map((input, m) => ({
    input: Float32Array.from(input),
    output: Float32Array.from(workload.t[m]),
  }));
  return {
    run(updates) {
      const samples = updates * workload.batch_size;
      for (let n = 0, m = 0; n < samples; n++, m = m + 1 === patterns.length ? 0 : m + 1) {
        network.trainPattern(patterns[m]);
      }
    },
    parameters() {
      return {
        W: network.weights.slice(1).map((layer) => layer.map((row) => Array.from(row))),
        b: network.biases.slice(1).map((layer) => Array.from(layer)),
      };
    },
  };
});
