// ConvNetJS: fully connected layers put together by hand, since its own recipe for regression
// ends in a linear layer.
"use strict";

const convnetjs = require("convnetjs");
const { serve } = require("./serve.js");

serve(["convnetjs"], (workload) => {
  const network = new convnetjs.Net();
  const place = (depth) => ({ in_sx: 1, in_sy: 1, in_depth: depth });
  const [inputs] = workload.sizes;
  network.layers = [new convnetjs.InputLayer({ out_sx: 1, out_sy: 1, out_depth: inputs })];
  const connected = workload.W.map((W, l) => {
    const options = { ...place(workload.sizes[l]), num_neurons: W.length };
    const layer = new convnetjs.FullyConnLayer(options);
    W.forEach((row, to) => layer.filters[to].w.set(row));
    layer.biases.w.set(workload.b[l]);
    network.layers.push(layer, new convnetjs.SigmoidLayer(place(W.length)));
    return layer;
  });
  network.layers.push(new convnetjs.RegressionLayer(place(workload.sizes.at(-1))));
  const trainer = new convnetjs.SGDTrainer(network, {
    learning_rate: workload.eta,
    momentum: 0,
    batch_size: workload.batch_size,
  });
  const x = workload.x.map((values) => {
    const volume = new convnetjs.Vol(1, 1, inputs, 0);
    volume.w.set(values);
    return volume;
  });
  const { t } = workload;
  return {
    run(updates) {
      const samples = updates * workload.batch_size;
      for (let n = 0, m = 0; n < samples; n++, m = m + 1 === x.length ? 0 : m + 1) {
        trainer.train(x[m], t[m]);
      }
    },
    parameters() {
      return {
        W: connected.map((layer) => layer.filters.map((filter) => Array.from(filter.w))),
        b: connected.map((layer) => Array.from(layer.biases.w)),
      };
    },
  };
});
