using System.Net.Http.Headers;

namespace DeepSeek.Federated.Coordinator.Tests.Bench;

/// <summary>A network that delivers every statement and every piece of an update twice, and older ones again in between, in an order that a seed decides.</summary>
/// <param name="inner">What really sends.</param>
/// <param name="seed">Decides which of two answers is given on, and what comes again; null for a network that does nothing of the kind.</param>
internal sealed class RepeatingNetwork(HttpMessageHandler inner, int? seed) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _inner = new(inner);
    private readonly Random _random = new(seed ?? 0);
    private readonly List<Delivery> _past = [];
    private int _repeated, _replayed;

    /// <summary>Requests delivered a second time at once.</summary>
    public int Repeated => _repeated;

    /// <summary>Requests delivered again after later ones.</summary>
    public int Replayed => _replayed;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var matters = request.Method == HttpMethod.Put || request.RequestUri!.AbsolutePath.EndsWith("/State", StringComparison.Ordinal);
        if (seed is null || !matters) return await _inner.SendAsync(request, cancellationToken);

        var delivery = await Delivery.Of(request, cancellationToken);
        var (old, atOnce, second) = Draw(delivery);
        foreach (var again in old[..(old.Length / 2)]) await Replay(again, cancellationToken);
        var one = _inner.SendAsync(delivery.Request(), cancellationToken);
        if (!atOnce) await one;
        var two = _inner.SendAsync(delivery.Request(), cancellationToken);
        HttpResponseMessage[] answers = [await one, await two];
        Interlocked.Increment(ref _repeated);
        foreach (var again in old[(old.Length / 2)..]) await Replay(again, cancellationToken);
        await End(answers[second ? 0 : 1], cancellationToken);
        return answers[second ? 1 : 0];
    }

    private (Delivery[] Old, bool AtOnce, bool Second) Draw(Delivery now)
    {
        lock (_random)
        {
            Delivery[] old = [.. Enumerable.Range(0, Math.Min(2, _past.Count)).Select(_ => _past[_random.Next(_past.Count)])];
            _past.Add(now);
            return (old, _random.Next(2) == 0, _random.Next(2) == 0);
        }
    }

    private async Task Replay(Delivery old, CancellationToken cancellationToken)
    {
        await End(await _inner.SendAsync(old.Request(), cancellationToken), cancellationToken);
        Interlocked.Increment(ref _replayed);
    }

    private static async Task End(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var ended = answer;
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        _inner.Dispose();
        base.Dispose(disposing);
    }

    private sealed record Delivery(
        HttpMethod Method, Uri Uri, Version Version, HttpVersionPolicy Policy, HttpRequestHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body)
    {
        public static async Task<Delivery> Of(HttpRequestMessage request, CancellationToken cancellationToken) => new(
            request.Method, request.RequestUri!, request.Version, request.VersionPolicy, request.Headers, request.Content!.Headers,
            await request.Content.ReadAsByteArrayAsync(cancellationToken));

        public HttpRequestMessage Request()
        {
            var request = new HttpRequestMessage(Method, Uri) { Version = Version, VersionPolicy = Policy, Content = new ByteArrayContent(Body) };
            foreach (var (name, values) in Headers) request.Headers.TryAddWithoutValidation(name, values);
            foreach (var (name, values) in ContentHeaders) request.Content.Headers.TryAddWithoutValidation(name, values);
            return request;
        }
    }
}
