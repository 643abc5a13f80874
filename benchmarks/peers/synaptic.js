// Synaptic with the functions that it compiles for its network: one update after each sample.
"use strict";

const { Architect } = require("synaptic");
const { serve } = require("./serve.js");

serve(["synaptic"], (workload) => {
  const network = new Architect.Perceptron(...workload.sizes);
  const layers = [...network.layers.hidden, network.layers.output];
  const incoming = (neuron, sources) => {
    const wires = Object.values(neuron.connections.inputs);
    return sources.map((source) => wires.find((wire) => wire.from === source));
  };
  const before = [network.layers.input, ...network.layers.hidden];
  const wires = layers.map((layer, l) => layer.list.map((n) => incoming(n, before[l].list)));
  layers.forEach((layer, l) =>
    layer.list.forEach((neuron, to) => {
      neuron.bias = workload.b[l][to];
      wires[l][to].forEach((wire, from) => (wire.weight = workload.W[l][to][from]));
    }),
  );
  const { x, t, eta } = workload;
  return {
    run(updates) {
      const samples = updates * workload.batch_size;
      for (let n = 0, m = 0; n < samples; n++, m = m + 1 === x.length ? 0 : m + 1) {
        network.activate(x[m]);
        network.propagate(eta, t[m]);
      }
    },
    parameters() {
      network.restore();
      return {
        W: wires.map((layer) => layer.map((row) => row.map((wire) => wire.weight))),
        b: layers.map((layer) => layer.list.map((neuron) => neuron.bias)),
      };
    },
  };
});
