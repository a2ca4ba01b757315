"""A decoder-only transformer on random weights: what the server runs instead of a real model."""

import torch
import torch.nn.functional as F

HEAD = 128  # width of one attention head
VOCABULARY = 8192
CONTEXT = 1280  # tokens the key-value cache holds for a slot


class Model:
    def __init__(self, layers: int, dim: int, slots: int) -> None:
        # cuDNN's attention plans are built per shape, which would be a fault of its own.
        torch.backends.cuda.enable_cudnn_sdp(False)
        self.dim, self.heads, self.slots = dim, dim // HEAD, slots
        self.layers = [
            {
                "qkv": self._weights(3 * dim, dim),
                "out": self._weights(dim, dim),
                "up": self._weights(4 * dim, dim),
                "down": self._weights(dim, 4 * dim),
            }
            for _ in range(layers)
        ]
        self.embedding = self._weights(VOCABULARY, dim)
        self.head = self._weights(VOCABULARY, dim)
        self.norm = torch.ones(dim, device="cuda", dtype=torch.bfloat16)
        self.keys = torch.zeros(layers, slots, self.heads, CONTEXT, HEAD, device="cuda", dtype=torch.bfloat16)
        self.values = torch.zeros_like(self.keys)

    @staticmethod
    def _weights(rows: int, columns: int) -> torch.Tensor:
        return torch.randn(rows, columns, device="cuda", dtype=torch.bfloat16) * columns**-0.5

    def _feed_forward(self, x: torch.Tensor, layer: dict[str, torch.Tensor]) -> torch.Tensor:
        hidden = F.linear(F.rms_norm(x, (self.dim,), self.norm), layer["up"])
        return x + F.linear(F.silu(hidden), layer["down"])

    @torch.inference_mode()
    def prefill(self, slot: int, tokens: int, keep: bool = True) -> torch.Tensor:
        """Reads a prompt of so many tokens into a slot; returns the first token (on the device)."""
        x = self.embedding[torch.randint(0, VOCABULARY, (tokens,), device="cuda")]
        for index, layer in enumerate(self.layers):
            qkv = F.linear(F.rms_norm(x, (self.dim,), self.norm), layer["qkv"])
            q, k, v = qkv.view(tokens, 3, self.heads, HEAD).permute(1, 2, 0, 3)
            if keep:
                self.keys[index, slot, :, :tokens] = k
                self.values[index, slot, :, :tokens] = v
            attended = F.scaled_dot_product_attention(q[None], k[None], v[None], is_causal=True)[0]
            x = x + F.linear(attended.permute(1, 0, 2).reshape(tokens, self.dim), layer["out"])
            x = self._feed_forward(x, layer)
        return F.linear(x[-1:], self.head).argmax(-1)

    @torch.inference_mode()
    def decode(self, tokens: torch.Tensor, positions: torch.Tensor, longest: int) -> torch.Tensor:
        """One step for the first len(tokens) slots; returns their next tokens (on the device)."""
        count = tokens.shape[0]
        rows = torch.arange(count, device="cuda")
        mask = (torch.arange(longest, device="cuda")[None] <= positions[:, None])[:, None, None]
        x = self.embedding[tokens]
        for index, layer in enumerate(self.layers):
            qkv = F.linear(F.rms_norm(x, (self.dim,), self.norm), layer["qkv"])
            q, k, v = qkv.view(count, 3, self.heads, HEAD).unbind(1)
            keys, values = self.keys[index], self.values[index]
            keys[rows, :, positions] = k
            values[rows, :, positions] = v
            attended = F.scaled_dot_product_attention(
                q[:, :, None], keys[:count, :, :longest], values[:count, :, :longest], attn_mask=mask
            )
            x = x + F.linear(attended.reshape(count, self.dim), layer["out"])
            x = self._feed_forward(x, layer)
        return F.linear(x, self.head).argmax(-1)

    def warm_up(self, prompts: tuple[int, ...]) -> None:
        """Runs every shape once, so that no kernel is loaded lazily while requests wait."""
        for tokens in prompts:
            self.prefill(0, tokens)
        for longest in range(128, max(prompts) + 257, 128):
            for count in range(1, self.slots + 1):
                zeros = torch.zeros(count, dtype=torch.long, device="cuda")
                self.decode(zeros, zeros + 100, longest)
        torch.cuda.synchronize()
