  def view(self: __torch__.M, memory: Tensor, dtype: int, offset: int, shape: List[int], strides: List[int]) -> Tensor:
    empty = torch.zeros([0], dtype=dtype)
    return empty.set_(memory, offset, shape, strides)
  def nt(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.mm(x, torch.t(w), out=y)
    return 0
  def nn(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.mm(x, w, out=y)
    return 0
  def tn(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.mm(torch.t(x), w, out=y)
    return 0
  def add_nt(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = y.addmm_(x, torch.t(w))
    return 0
  def add_nn(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = y.addmm_(x, w)
    return 0
  def batch_nt(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.bmm(x, torch.transpose(w, 1, 2), out=y)
    return 0
  def batch_nn(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.bmm(x, w, out=y)
    return 0
  def batch_tn(self: __torch__.M, x: Tensor, w: Tensor, y: Tensor) -> int:
    z = torch.bmm(torch.transpose(x, 1, 2), w, out=y)
    return 0
