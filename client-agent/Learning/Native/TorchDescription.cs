namespace DeepSeek.Federated.Learning.Native;

/// <summary>What trains here: recorded with a run, for bits depend on it.</summary>
/// <param name="TorchSharp">Version of TorchSharp.</param>
/// <param name="Libtorch">Version of libtorch that TorchSharp was made for.</param>
/// <param name="Threads">Threads of one operation.</param>
/// <param name="Cpu">Widest vectors that libtorch may use: <c>avx512</c>, <c>avx2</c> or <c>default</c>; ATEN_CPU_CAPABILITY where it is set.</param>
/// <param name="Folder">Where libtorch was loaded from. Of this machine: never to be sent.</param>
public sealed record TorchDescription(string TorchSharp, string Libtorch, int Threads, string Cpu, string Folder);
