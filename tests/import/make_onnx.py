"""Writes the ONNX fixtures and PyTorch's logits beside this file. Needs torch, numpy, onnx and onnxscript."""

import json
import pathlib

import torch
from torch import nn

folder = pathlib.Path(__file__).parent / "data"
folder.mkdir(exist_ok=True)
torch.manual_seed(3)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 4, (3, 2), stride=(1, 2), padding=(1, 0))
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding="same", groups=2, bias=False)
        self.bn2 = nn.BatchNorm2d(4, momentum=0.3, eps=1e-3)
        self.prelu = nn.PReLU(4)
        self.pool = nn.MaxPool2d(3, 2, padding=1)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2, output_padding=1)
        self.mean = nn.AvgPool2d(2, padding=1)
        self.gate = nn.Linear(7, 7)
        self.fc = nn.Linear(7, 5)
        self.out = nn.Linear(5, 3, bias=False)

    def forward(self, x):
        x = nn.functional.leaky_relu(self.bn1(self.conv1(x)), 0.2)
        # A sum keeps the exporter from folding the second BatchNorm into its convolution.
        x = self.prelu(self.bn2(x + self.conv2(x)))
        a = self.mean(nn.functional.pad(self.up(self.pool(x)), (1, 0, 0, 2)))
        b = nn.functional.interpolate(x, size=tuple(a.shape[2:]), mode="bilinear")
        x = torch.cat([nn.functional.elu(a), torch.tanh(b)], dim=1)
        x = x * torch.sigmoid(x)
        x = torch.relu(self.gate(nn.functional.adaptive_avg_pool2d(x, 1).flatten(1)))
        return torch.softmax(self.out(self.fc(x)), dim=1)


network = Net()
for part in network.modules():
    if isinstance(part, nn.BatchNorm2d):
        part.running_mean.uniform_(-0.3, 0.3)
        part.running_var.uniform_(0.2, 0.8)
        nn.init.uniform_(part.weight, 0.5, 1.5)
        nn.init.uniform_(part.bias, -0.3, 0.3)
for layer in (network.gate, network.fc, network.out):
    nn.init.uniform_(layer.weight, -1.5, 1.5)
network.eval()


class Plain(nn.Sequential):
    """Without what the older exporter writes as computed shapes."""

    def __init__(self):
        up = nn.Upsample(scale_factor=2, mode="nearest")
        body = [nn.Conv2d(2, 4, 3), nn.ReLU(), nn.MaxPool2d(2), up, nn.Dropout(0.2), nn.Flatten()]
        super().__init__(*body, nn.Linear(4 * 8 * 10, 6, bias=False), nn.LeakyReLU(0.3), nn.Linear(6, 3))


plain = Plain().eval()
picture = torch.sin(torch.arange(2 * 2 * 11 * 12, dtype=torch.float32)).reshape(2, 2, 11, 12)
logits = {"exported": network(picture).tolist(), "traced": plain(picture).tolist()}
(folder / "logits.json").write_text(json.dumps(logits) + "\n")
torch.onnx.export(network, (picture,), folder / "exported.onnx", dynamo=True, external_data=False)
torch.onnx.export(plain, (picture,), folder / "traced.onnx", dynamo=False, opset_version=13)
