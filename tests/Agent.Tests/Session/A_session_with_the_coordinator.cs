using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using DeepSeek.Federated.Agent.Egress;
using DeepSeek.Federated.Agent.Policy;
using DeepSeek.Federated.Agent.Session;
using DeepSeek.Federated.Agent.Store;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using static DeepSeek.Federated.Agent.Tests.TestSite;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Agent.Tests.Session;

/// <summary>The test stands in the coordinator's place and answers call by call; the clock stands still but for the waits of the session itself.</summary>
public sealed class A_session_with_the_coordinator : HttpMessageHandler, IWireSource
{
    private static readonly EventCatalog Catalog = new();
    private readonly TestSite _site = new();
    private readonly BellClock _clock = new(Noon);
    private readonly TestLedger _ledger = new TestLedger(Catalog).With(Submitted, Version(0));
    private readonly Channel<Call> _calls = Channel.CreateUnbounded<Call>();
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly List<long> _connected = [];
    private readonly List<string> _disconnected = [];
    private readonly EgressLedger _egress;
    private readonly EgressDesk _desk;
    private readonly Wire _wire;
    private readonly LedgerBook _book;
    private readonly Task _following;

    public A_session_with_the_coordinator()
    {
        _egress = new EgressLedger(_site.Directory.Egress, TimeProvider.System);
        _desk = new EgressDesk(_egress, new PolicyFile(_site.Directory.Policy), Catalog, Self, TimeProvider.System);
        _wire = Wire.Over(_desk, new Uri("https://coordinator.test"), this);
        _book = LedgerBook.Open(_site.Directory, Catalog);
        var verifier = new PageVerifier(Catalog, "test", LedgerKey.Public, Self, Keys[Self].Public);
        var session = new CoordinatorSession(_book, verifier, this, _clock, NullLogger.Instance, _connected.Add, _disconnected.Add);
        _following = Task.Run(() => session.Follow(_ending.Token));
    }

    Wire IWireSource.Current => _wire;

    [Theory]
    [InlineData("the stream ends")]
    [InlineData("the stream breaks off")]
    [InlineData("the connection is lost")]
    [InlineData("the connection is replaced")]
    [InlineData("the connection takes too long")]
    [InlineData("Cancelled")]
    [InlineData("Unavailable")]
    [InlineData("Internal")]
    [InlineData("ResourceExhausted")]
    public async Task comes_back_after_every_kind_of_break_and_asks_from_where_it_was(string how)
    {
        await CatchesUp(known: 0);
        await Breaks(how);
        Assert.InRange((await _clock.Pass()).TotalMilliseconds, 100, 200);
        await CatchesUp(known: 2);
        await Next("Watch");
        Assert.Equal([2, 2], _connected);
        Assert.Single(_disconnected);
    }

    [Fact]
    public async Task takes_what_the_stream_tells_while_it_tells_it()
    {
        await CatchesUp(known: 0);
        var stream = Stream(await Next("Watch"));
        var news = _book.Changes.Next;
        Grows();
        await Write(stream, _ledger.Page(2, 2));
        await Task.WhenAny(news, _following).Unwrap();
        Assert.Equal(3, _book.Bookmark.Size);
        Assert.Empty(_disconnected);
    }

    [Fact]
    public async Task asks_by_long_polling_after_three_early_cuts_and_by_the_stream_again_when_its_time_is_over()
    {
        for (var cut = 0; cut < 3; cut++)
        {
            await CatchesUp(known: cut == 0 ? 0 : 2);
            await Breaks("the stream breaks off");
            await _clock.Pass();
        }
        var began = _clock.GetUtcNow();
        await CatchesUp(known: 2);
        for (var polls = 0; polls < 24; polls++)
        {
            var poll = await Next("Poll");
            Assert.Equal(25, poll.Request.WaitSeconds);
            _clock.Advance(TimeSpan.FromSeconds(25));
            poll.Answer.SetResult(TestCoordinator.Reply(_ledger.Page(2, 2)));
        }
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
        await CatchesUp(known: 2);   // at once: nothing broke
        await Next("Watch");
        Assert.Equal(3, _disconnected.Count);
        Assert.Equal(4, _connected.Count);
    }

    [Fact]
    public async Task forgets_early_cuts_when_a_stream_has_lived()
    {
        for (var streams = 0; streams < 5; streams++)
        {
            await CatchesUp(known: streams == 0 ? 0 : 2);
            var watch = await Next("Watch");
            if (streams == 2)
            {
                var stream = Stream(watch);
                await Write(stream, _ledger.Page(2, 2));
                _clock.Advance(TimeSpan.FromSeconds(11));
                await Write(stream, _ledger.Page(2, 2));
                await stream.CompleteAsync();
            }
            else
            {
                watch.Answer.SetException(new HttpRequestException(HttpRequestError.ResponseEnded));
            }
            await _clock.Pass();
        }
        await CatchesUp(known: 2);
        await Next("Watch");
    }

    [Fact]
    public async Task gives_up_after_five_refusals_in_a_row_and_no_sooner()
    {
        for (var refusals = 0; refusals < 4; refusals++) await IsRefused(StatusCode.PermissionDenied);
        await CatchesUp(known: 0);
        await Breaks("the stream ends");
        await _clock.Pass();
        for (var refusals = 0; refusals < 4; refusals++) await IsRefused(StatusCode.PermissionDenied);
        Assert.False(_following.IsCompleted);
        (await Next("Poll")).Answer.SetResult(TestCoordinator.Status(StatusCode.PermissionDenied));
        var fault = await Assert.ThrowsAsync<SiteFaultException>(() => _following);
        Assert.Contains("needs a new token", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task finds_out_that_the_coordinator_went_back_when_it_can_prove_nothing()
    {
        Grows();
        await CatchesUp(known: 0);
        await Breaks("the stream ends");
        await _clock.Pass();
        (await Next("Poll")).Answer.SetResult(TestCoordinator.Status(StatusCode.FailedPrecondition));
        var look = await Next("Poll");
        Assert.Equal((0, 0), (look.Request.After, look.Request.KnownSize));
        look.Answer.SetResult(TestCoordinator.Reply(_ledger.Page(0, 0, size: 2)));
        var diverged = await Assert.ThrowsAsync<LedgerDivergedException>(() => _following);
        Assert.Contains("restored from an earlier state", diverged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task takes_a_refusal_without_a_setback_for_what_it_is()
    {
        await CatchesUp(known: 0);
        await Breaks("the stream ends");
        await _clock.Pass();
        (await Next("Poll")).Answer.SetResult(TestCoordinator.Status(StatusCode.FailedPrecondition));
        (await Next("Poll")).Answer.SetResult(TestCoordinator.Reply(_ledger.Page(0, 0)));
        await _clock.Pass();
        await CatchesUp(known: 2);
    }

    private void Grows() => _ledger.With(_ledger.Signed(new StudyApproved(TestSite.Study, B, Manifest.Digest, Digests("policy"), "")));

    private async Task CatchesUp(long known)
    {
        var poll = await Next("Poll");
        Assert.Equal((known, known, 0), (poll.Request.After, poll.Request.KnownSize, poll.Request.WaitSeconds));
        poll.Answer.SetResult(TestCoordinator.Reply(_ledger.Page(known, known)));
    }

    private async Task IsRefused(StatusCode status)
    {
        (await Next("Poll")).Answer.SetResult(TestCoordinator.Status(status));
        await _clock.Pass();
    }

    private async Task Breaks(string how)
    {
        var watch = await Next("Watch");
        switch (how)
        {
            case "the stream ends":
                await Stream(watch).CompleteAsync();
                break;
            case "the stream breaks off":
                await Stream(watch).CompleteAsync(new HttpIOException(HttpRequestError.ResponseEnded));
                break;
            case "the connection is lost":
                watch.Answer.SetException(new HttpRequestException(HttpRequestError.ConnectionError));
                break;
            case "the connection is replaced":
                watch.Answer.SetException(new ObjectDisposedException("handler"));
                break;
            case "the connection takes too long":
                watch.Answer.SetException(new TaskCanceledException("", new TimeoutException()));
                break;
            default:
                watch.Answer.SetResult(TestCoordinator.Status(Enum.Parse<StatusCode>(how)));
                break;
        }
    }

    private async Task<Call> Next(string method)
    {
        var next = _calls.Reader.ReadAsync(_ending.Token).AsTask();
        await Task.WhenAny(next, _following).Unwrap();
        var call = await next;
        Assert.Equal(method, call.Method);
        return call;
    }

    private static PipeWriter Stream(Call watch)
    {
        var pipe = new Pipe();
        var reply = new HttpResponseMessage(HttpStatusCode.OK) { Version = HttpVersion.Version20, Content = new StreamContent(pipe.Reader.AsStream()) };
        reply.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        reply.TrailingHeaders.Add("grpc-status", "0");
        watch.Answer.SetResult(reply);
        return pipe.Writer;
    }

    private static async Task Write(PipeWriter stream, LeavesPage page) => await stream.WriteAsync(await TestCoordinator.Reply(page).Content.ReadAsByteArrayAsync());

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var call = new Call(request.RequestUri!.Segments[^1], LeavesRequest.Parser.ParseFrom(body.AsSpan(5)), new(TaskCreationOptions.RunContinuationsAsynchronously));
        _calls.Writer.TryWrite(call);
        return await call.Answer.Task.WaitAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (!_ending.IsCancellationRequested)
        {
            _ending.Cancel();
            _following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait();
            _book.Dispose();
            _wire.Dispose();
            _desk.Dispose();
            _egress.Dispose();
            _site.Dispose();
        }
        base.Dispose(disposing);
    }

    private sealed record Call(string Method, LeavesRequest Request, TaskCompletionSource<HttpResponseMessage> Answer);
}
