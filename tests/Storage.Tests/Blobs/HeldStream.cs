namespace DeepSeek.Federated.Storage.Tests.Blobs;

/// <summary>A link that gives nothing before it is released, and then may break.</summary>
internal sealed class HeldStream(byte[] content) : MemoryStream(content)
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Breaks { get; init; }

    public Task Asked => _asked.Task;

    public void Release() => _release.TrySetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _asked.TrySetResult();
        await _release.Task;
        return Breaks ? throw new IOException("The link broke.") : await base.ReadAsync(buffer, cancellationToken);
    }
}
