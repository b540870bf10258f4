using System.Net;
using System.Security.Cryptography;
using DeepSeek.Federated.Cli.Weights;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;

namespace DeepSeek.Federated.Cli.Tests.Weights;

public sealed class An_upload
{
    private static readonly byte[] Weights = RandomNumberGenerator.GetBytes(1000);

    [Fact]
    public async Task goes_in_pieces_and_tells_its_progress()
    {
        var store = new Store();
        var told = await Upload(store);
        Assert.Equal(Weights, store.Taken);
        Assert.Equal([0, 300, 600, 900, 1000], told);
        Assert.Equal(4, store.Puts);
    }

    [Fact]
    public async Task goes_on_where_an_earlier_one_got_to_and_sends_nothing_that_is_there()
    {
        var store = new Store { Taken = [.. Weights[..600]] };
        Assert.Equal([600, 900, 1000], await Upload(store));
        Assert.Equal([1000], await Upload(store));
        Assert.Equal(2, store.Puts);
    }

    [Fact]
    public async Task asks_again_what_arrived_when_its_connection_is_cut()
    {
        var store = new Store { CutAfter = 2 };
        Assert.Equal([0, 300, 600, 900, 1000], await Upload(store));
        Assert.Equal(Weights, store.Taken);
    }

    [Fact]
    public async Task that_is_refused_tells_the_coordinators_own_sentence()
    {
        var refused = await Assert.ThrowsAsync<UploadRefusedException>(() => Upload(new Store { Refusal = HttpStatusCode.RequestEntityTooLarge }));
        Assert.Equal("too large, says the coordinator", refused.Message);
    }

    [Fact]
    public async Task gives_up_when_the_connection_never_holds() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => Upload(new Store { CutAfter = 0, CutAlways = true }));

    private static async Task<List<long>> Upload(Store store)
    {
        var told = new List<long>();
        using var http = new HttpClient(store, disposeHandler: false) { BaseAddress = new Uri("https://coordinator/") };
        using var file = new MemoryStream(Weights);
        await new BlobUpload(http, 300, new Impatient()).From(file, Digest.Of(Weights), told.Add, CancellationToken.None);
        return told;
    }

    // Waits are over at once.
    private sealed class Impatient : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }

    private sealed class Store : HttpMessageHandler
    {
        public List<byte> Taken { get; set; } = [];

        public int Puts { get; private set; }

        public int CutAfter { get; set; } = -1;

        public bool CutAlways { get; init; }

        public HttpStatusCode? Refusal { get; init; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal(BlobPaths.Of(Digest.Of(Weights)), request.RequestUri!.AbsolutePath);
            var whole = Taken.Count == Weights.Length;
            if (request.Method == HttpMethod.Head) return Reply(whole ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            if (Refusal is { } no) return new HttpResponseMessage(no) { Content = new StringContent("""{"title":"too large, says the coordinator"}""") };
            Puts++;
            var range = request.Content!.Headers.ContentRange!;
            Assert.Equal((Taken.Count, Weights.Length), (range.From, range.Length));
            var arrived = await request.Content.ReadAsByteArrayAsync(cancellationToken);
            if (CutAfter == 0 && CutAlways) throw new HttpRequestException("cut");
            Taken.AddRange(arrived);
            if (CutAfter-- == 0) throw new HttpRequestException("cut after the bytes arrived");
            return Reply(Taken.Count == Weights.Length ? HttpStatusCode.Created : HttpStatusCode.Accepted);
        }

        private HttpResponseMessage Reply(HttpStatusCode status)
        {
            var reply = new HttpResponseMessage(status);
            if (status is HttpStatusCode.NotFound or HttpStatusCode.Accepted) reply.Headers.Add(BlobPaths.UploadOffset, $"{Taken.Count}");
            return reply;
        }
    }
}
