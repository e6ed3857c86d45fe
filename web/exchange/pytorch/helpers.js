// Modules that PyTorch lacks, as the code brings them along.

/** @type {Record<string, string>} */
export const HELPERS = {
  Permute: `class Permute(nn.Module):
    """Puts the axes behind the batch into another order: Keras keeps channels last, PyTorch first."""

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes

    def forward(self, x):
        return x.permute(0, *self.axes)
`,
  Reshape: `class Reshape(nn.Module):
    def __init__(self, *sizes):
        super().__init__()
        self.sizes = sizes

    def forward(self, x):
        return x.reshape(x.shape[0], *self.sizes)
`,
  Exponential: `class Exponential(nn.Module):
    def forward(self, x):
        return torch.exp(x)
`,
  ThresholdedReLU: `class ThresholdedReLU(nn.Module):
    """Keras' ReLU with max_value, negative_slope and threshold."""

    def __init__(self, max_value, negative_slope, threshold):
        super().__init__()
        self.max_value, self.negative_slope, self.threshold = max_value, negative_slope, threshold

    def forward(self, x):
        y = torch.where(x >= self.threshold, x, self.negative_slope * (x - self.threshold))
        return y if self.max_value is None else torch.clamp(y, max=self.max_value)
`,
  Rescaling: `class Rescaling(nn.Module):
    def __init__(self, scale, offset):
        super().__init__()
        self.scale, self.offset = scale, offset

    def forward(self, x):
        return x * self.scale + self.offset
`,
  Normalization: `class Normalization(nn.Module):
    """Each channel with mean 0 and variance 1, as measured once on data."""

    def __init__(self, channels):
        super().__init__()
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))

    def forward(self, x):
        shape = (1, -1) + (1,) * (x.dim() - 2)
        deviation = torch.clamp(self.variance.sqrt(), min=1e-7)
        return (x - self.mean.view(shape)) / deviation.view(shape)
`,
  AveragePooling: `class AveragePooling(nn.Module):
    """The mean of what lies inside the image, with other padding before than behind."""

    def __init__(self, padding, size, stride):
        super().__init__()
        self.padding, self.size, self.stride = padding, size, stride

    def forward(self, x):
        pool = nn.functional.avg_pool1d if len(self.size) == 1 else nn.functional.avg_pool2d
        total, inside = (nn.functional.pad(part, self.padding) for part in (x, torch.ones_like(x)))
        return pool(total, self.size, self.stride) / pool(inside, self.size, self.stride)
`,
  GaussianNoise: `class GaussianNoise(nn.Module):
    def __init__(self, stddev):
        super().__init__()
        self.stddev = stddev

    def forward(self, x):
        return x + torch.randn_like(x) * self.stddev if self.training else x
`,
  GaussianDropout: `class GaussianDropout(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.stddev = (rate / (1 - rate)) ** 0.5

    def forward(self, x):
        return x * (1 + torch.randn_like(x) * self.stddev) if self.training else x
`,
};
