"""Our encoder, predictors and length regulator against ESPnet's own modules: the same weights, the same numbers.

ESPnet's leaf modules alone are imported (``espnet2.legacy.nets``, ``espnet2.tts``), which need neither torchaudio nor
the rest of its dependencies. Where the two differ by design, ESPnet's module is set to what ours does, and said so:

- epsilon of the layer norms: ours 1e-5, ESPnet's 1e-12;
- positions: ours all sines, then all cosines, over rates that reach 1/10,000; ESPnet's in turns, over rates that stop
  short of it;
- padding: ours stays zero everywhere. ESPnet's feed-forward with a linear second layer reads into it, the one with a
  convolution there has a mask; a convolution whose outer taps are zero is the linear layer;
- the scale of the embedding, sqrt(width): ESPnet drops it where positions are scaled, ours keeps it;
- ``attention_bias: false`` and ``heads: 0``: zeros in ESPnet's weights.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from avsynth.config.networks import BlocksConfig, ModelConfig, PredictorConfig
from avsynth.config.reading import load_config
from avsynth.models.blocks import Block, positions
from avsynth.models.encoder import PhoneEncoder
from avsynth.models.regulator import overlap_weights
from avsynth.models.variance import Predictor
from avsynth.types import lengths_to_mask

WHY = "the extra `espnet` is not installed (DEPENDENCIES.md says how): nothing to compare with"
pytest.importorskip("espnet2", reason=WHY)

from espnet2.legacy.nets.pytorch_backend.fastspeech.duration_predictor import (  # noqa: E402
    DurationPredictor,
)
from espnet2.legacy.nets.pytorch_backend.fastspeech.length_regulator import LengthRegulator  # noqa: E402
from espnet2.legacy.nets.pytorch_backend.transformer import embedding as espnet_positions  # noqa: E402
from espnet2.legacy.nets.pytorch_backend.transformer.encoder import Encoder  # noqa: E402
from espnet2.tts.fastspeech2.variance_predictor import VariancePredictor  # noqa: E402

CONFIGS = Path(__file__).parents[2] / "configs"
SYMBOLS, WIDTH = 41, 32
NAMES = [f"phone {number}" for number in range(SYMBOLS)]
LENGTHS = torch.tensor([17, 5, 11])
SMALL = BlocksConfig(layers=2, heads=4, ffn=48, kernel=5)
ENCODERS = {
    "small": (WIDTH, SMALL),
    "without bias": (WIDTH, BlocksConfig(layers=2, heads=2, ffn=48, kernel=3, attention_bias=False)),
    "scaled positions": (WIDTH, BlocksConfig(layers=2, heads=2, ffn=48, kernel=9, scaled_positions=True)),
    "without attention": (WIDTH, BlocksConfig(layers=3, heads=0, ffn=48, kernel=5)),
    **{
        f"configs/{name}.yaml": (model.hidden, model.encoder)
        for name in ("paper", "grid")
        for model in (load_config(CONFIGS / f"{name}.yaml").model,)
    },
}
PREDICTORS = [PredictorConfig(channels=24, kernel=3), PredictorConfig(channels=40, kernel=5)]


def same(ours: Tensor, theirs: Tensor, mask: Tensor | None = None) -> None:
    """Within 1e-5, and where masked ours is zero."""
    if mask is not None:
        assert (ours[~mask] == 0).all()
        ours, theirs = ours[mask], theirs[mask]
    assert ours.std() > 0.01
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=0)


def perturbed(module: nn.Module) -> nn.Module:
    """Biases and norms as after some training, not zeros and ones."""
    for item in module.parameters():
        item.data += 0.1 * torch.randn_like(item)
    return module.eval()


def our_encoder(width: int, config: BlocksConfig) -> PhoneEncoder:
    encoder = PhoneEncoder(NAMES, ModelConfig(hidden=width, encoder=config, articulation=False))
    perturbed(encoder)
    encoder.embedding.weight.data[0] = 0
    return encoder


def our_epsilon(module: nn.Module) -> None:
    for norm in module.modules():
        if isinstance(norm, nn.LayerNorm):
            norm.eps = nn.LayerNorm(1).eps


def block_weights(block: Block, width: int, kernel_2: int) -> dict[str, Tensor]:
    """A block's weights by ESPnet's names; the second layer as a convolution of ``kernel_2`` taps, 0 for linear."""
    inner = block.feed_forward
    narrow = inner.narrow.weight
    if kernel_2:
        narrow = nn.functional.pad(narrow[..., None], (kernel_2 // 2, kernel_2 // 2))
    named = {
        "norm2.weight": block.feed_forward_norm.weight,
        "norm2.bias": block.feed_forward_norm.bias,
        "feed_forward.w_1.weight": inner.widen.weight,
        "feed_forward.w_1.bias": inner.widen.bias,
        "feed_forward.w_2.weight": narrow,
        "feed_forward.w_2.bias": inner.narrow.bias,
        "norm1.weight": torch.ones(width),
        "norm1.bias": torch.zeros(width),
    }
    weights = {name: torch.zeros(width, width) for name in ("q", "k", "v", "out")}
    biases = {name: torch.zeros(width) for name in ("q", "k", "v", "out")}
    if block.attends:
        attention = block.attention
        named |= {"norm1.weight": block.attention_norm.weight, "norm1.bias": block.attention_norm.bias}
        weights = dict(zip("qkv", attention.project_in.weight.chunk(3), strict=True))
        weights["out"] = attention.project_out.weight
        if attention.project_in.bias is not None:
            biases = dict(zip("qkv", attention.project_in.bias.chunk(3), strict=True))
            biases["out"] = attention.project_out.bias
    named |= {f"self_attn.linear_{name}.weight": value for name, value in weights.items()}
    return named | {f"self_attn.linear_{name}.bias": value for name, value in biases.items()}


def espnet_encoder(encoder: PhoneEncoder, width: int, config: BlocksConfig, masked: bool) -> nn.Module:
    """ESPnet's encoder with our weights; ``masked`` by a mask in the feed-forward, a convolution there twice."""
    scaled = config.scaled_positions and config.heads > 0
    theirs = Encoder(
        idim=SYMBOLS,
        attention_dim=width,
        attention_heads=max(config.heads, 1),
        linear_units=config.ffn,
        num_blocks=config.layers,
        dropout_rate=config.dropout,
        input_layer="embed",
        pos_enc_class=getattr(espnet_positions, "ScaledPositionalEncoding" if scaled else "PositionalEncoding"),
        normalize_before=True,
        positionwise_layer_type="conv1d" if masked else "conv1d-linear",
        positionwise_conv_kernel_size=config.kernel,
        padding_idx=0,
        apply_ff_mask=masked,
    )
    stack = encoder.stack
    state = {
        "embed.0.weight": encoder.embedding.weight * (encoder.scale if scaled else 1),
        "after_norm.weight": stack.norm.weight,
        "after_norm.bias": stack.norm.bias,
    }
    if scaled:
        assert stack.position_scale is not None
        state["embed.1.alpha"] = stack.position_scale[0]
    for number, block in enumerate(stack.blocks):
        assert isinstance(block, Block)
        named = block_weights(block, width, config.kernel if masked else 0)
        state |= {f"encoders.{number}.{name}": value for name, value in named.items()}
    theirs.load_state_dict(state, strict=True)
    our_epsilon(theirs)
    place = theirs.embed[1]
    place.pe = positions(place.pe.shape[1], width, place.pe.device)[None] * (config.heads > 0)
    return theirs.eval()


@pytest.fixture(params=ENCODERS.values(), ids=ENCODERS.keys())
def sizes(request: pytest.FixtureRequest) -> tuple[int, BlocksConfig]:
    size: tuple[int, BlocksConfig] = request.param
    return size


def phones_and_mask() -> tuple[Tensor, Tensor]:
    mask_BP = lengths_to_mask(LENGTHS, int(LENGTHS.max()))
    return torch.randint(1, SYMBOLS, mask_BP.shape) * mask_BP, mask_BP


@torch.no_grad()
def test_the_phone_encoder_is_espnets(sizes: tuple[int, BlocksConfig]) -> None:
    """A padded batch against ESPnet's encoder with its feed-forward masked."""
    ours = our_encoder(*sizes)
    phones_BP, mask_BP = phones_and_mask()
    theirs_BPD, _ = espnet_encoder(ours, *sizes, masked=True)(phones_BP, mask_BP[:, None])
    same(ours(phones_BP, mask_BP), theirs_BPD, mask_BP)


@torch.no_grad()
def test_the_phone_encoder_is_espnets_conv1d_linear_utterance_by_utterance(sizes: tuple[int, BlocksConfig]) -> None:
    """ESPnet's nearest kin as it comes, which without a mask is exact for one utterance at a time."""
    ours = our_encoder(*sizes)
    theirs = espnet_encoder(ours, *sizes, masked=False)
    phones_BP, mask_BP = phones_and_mask()
    encoded_BPD = ours(phones_BP, mask_BP)
    for phones_P, length, encoded_PD in zip(phones_BP, LENGTHS, encoded_BPD, strict=True):
        alone_BPD, _ = theirs(phones_P[None, :length], torch.ones(1, 1, int(length), dtype=torch.bool))
        same(encoded_PD[:length], alone_BPD[0])


@torch.no_grad()
def test_one_block_is_one_encoder_layer() -> None:
    """Without embedding and final norm; what lies in the padding, which ours keeps, acts on neither."""
    ours = our_encoder(WIDTH, SMALL)
    theirs = espnet_encoder(ours, WIDTH, SMALL, masked=True)
    _, mask_BL = phones_and_mask()
    x_BLD = torch.randn(*mask_BL.shape, WIDTH)
    block = ours.stack.blocks[1]
    out_BLD = block(x_BLD, mask_BL)
    assert torch.equal(out_BLD[~mask_BL], x_BLD[~mask_BL])
    same(out_BLD[mask_BL], theirs.encoders[1](x_BLD, mask_BL[:, None])[0][mask_BL])


@torch.no_grad()
def test_an_epsilon_of_espnets_would_be_seen() -> None:
    """The comparison is fine enough to tell 1e-5 from 1e-12 where a vector hardly varies."""
    theirs = espnet_encoder(our_encoder(WIDTH, SMALL), WIDTH, SMALL, masked=True)
    layer = theirs.encoders[0]
    x_BLD, mask = 1e-2 * torch.randn(1, 4, WIDTH), torch.ones(1, 1, 4, dtype=torch.bool)
    ours, _ = layer(x_BLD, mask)
    for norm in (layer.norm1, layer.norm2):
        norm.eps = 1e-12
    assert (layer(x_BLD, mask)[0] - ours).abs().max() > 1e-4


def load_predictor(ours: Predictor, theirs: nn.Module) -> None:
    state = {"linear.weight": ours.out.weight, "linear.bias": ours.out.bias}
    for number, (convolution, norm) in enumerate(zip(ours.convolutions, ours.norms, strict=True)):
        state |= {
            f"conv.{number}.0.weight": convolution.weight,
            f"conv.{number}.0.bias": convolution.bias,
            f"conv.{number}.2.weight": norm.weight,
            f"conv.{number}.2.bias": norm.bias,
        }
    theirs.load_state_dict(state, strict=True)
    our_epsilon(theirs)
    theirs.eval()


@pytest.mark.parametrize("config", PREDICTORS)
@torch.no_grad()
def test_the_duration_predictor_is_espnets(config: PredictorConfig) -> None:
    """In the log domain, and as whole hops: both take log(1 + hops)."""
    ours = Predictor(WIDTH, config)
    perturbed(ours)
    ours.out.bias.fill_(1.5)
    theirs = DurationPredictor(WIDTH, 2, config.channels, config.kernel, config.dropout)
    load_predictor(ours, theirs)
    _, mask_BP = phones_and_mask()
    x_BPD = torch.randn(*mask_BP.shape, WIDTH)
    log_durations_BP = ours(x_BPD, mask_BP)
    same(log_durations_BP, theirs(x_BPD, ~mask_BP), mask_BP)
    hops_BP = log_durations_BP.expm1().clamp(min=0).round().long()
    assert torch.equal(hops_BP[mask_BP], theirs.inference(x_BPD, ~mask_BP)[mask_BP])
    assert len(hops_BP.unique()) > 3


@pytest.mark.parametrize("config", PREDICTORS)
@torch.no_grad()
def test_the_pitch_and_energy_predictors_are_espnets(config: PredictorConfig) -> None:
    ours = Predictor(WIDTH, config)
    perturbed(ours)
    theirs = VariancePredictor(WIDTH, 2, config.channels, config.kernel, dropout_rate=config.dropout)
    load_predictor(ours, theirs)
    _, mask_BP = phones_and_mask()
    x_BPD = torch.randn(*mask_BP.shape, WIDTH)
    same(ours(x_BPD, mask_BP), theirs(x_BPD, ~mask_BP[..., None])[..., 0], mask_BP)


def padded_durations() -> tuple[Tensor, Tensor]:
    """Hops per phone, some phones of none, and the phones' vectors."""
    mask_BP = lengths_to_mask(LENGTHS, int(LENGTHS.max()))
    durations_BP = torch.randint(0, 9, mask_BP.shape) * mask_BP
    return durations_BP, torch.randn(*mask_BP.shape, WIDTH)


def test_the_length_regulator_is_espnets_for_mel_frames() -> None:
    durations_BP, x_BPD = padded_durations()
    frames = int(durations_BP.sum(dim=1).max())
    ours_BFD = overlap_weights(durations_BP, 1.0, frames) @ x_BPD
    same(ours_BFD, LengthRegulator()(x_BPD, durations_BP), lengths_to_mask(durations_BP.sum(dim=1), frames))


@pytest.mark.parametrize("mode", ["overlap", "round"])
@pytest.mark.parametrize("frame_hops", [2.0, 4.0, 22050 / 256 / 25])
def test_the_length_regulator_is_espnets_for_lip_frames_at_whole_frames(mode: str, frame_hops: float) -> None:
    """Durations of whole lip frames, where overlap weighs nothing by half; elsewhere ESPnet has no counterpart."""
    durations_BP, x_BPD = padded_durations()
    frames = int(durations_BP.sum(dim=1).max())
    ours_BTD = overlap_weights(durations_BP * frame_hops, frame_hops, frames, mode) @ x_BPD  # type: ignore[arg-type]
    same(ours_BTD, LengthRegulator()(x_BPD, durations_BP), lengths_to_mask(durations_BP.sum(dim=1), frames))
