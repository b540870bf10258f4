using System.Net;
using System.Security.Cryptography;
using DeepSeek.Federated.Coordinator.Gateway;
using DeepSeek.Federated.Coordinator.Tests.Bench;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using static DeepSeek.Federated.Coordinator.Tests.Bench.RunningCoordinator;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Tests.Gateway;

public sealed class An_upload : IAsyncLifetime
{
    private readonly RunningCoordinator _coordinator = new();
    private TestSite _site = null!;
    private DemoStudy _study = null!;
    private RoundOpened _opened = null!;
    private List<byte[]> _junk = [];

    public async ValueTask InitializeAsync()
    {
        await _coordinator.InitializeAsync();
        (_site, var other) = (await _coordinator.Enrolled("one"), await _coordinator.Enrolled("two"));
        _study = new DemoStudy("uploads", 1, "one", "two");
        _opened = await _study.Begin(_coordinator.Admin, _site, other);
        await _site.Consent(_study.Manifest.Name, 1);
        var length = _study.Update(_opened).Bytes.Length;
        _junk = [.. Enumerable.Range(0, UploadSlots.ASite + 2).Select(_ => RandomNumberGenerator.GetBytes(length))];
    }

    [Fact]
    public async Task waits_when_all_slots_of_its_site_are_busy_and_leaves_nothing_behind_that_no_slot_holds()
    {
        var slots = _coordinator.Services.GetRequiredService<UploadSlots>();
        var busy = new List<IDisposable>();
        foreach (var blob in _junk.Take(UploadSlots.ASite)) busy.Add((await slots.Take(_site.Id, Digest.Of(blob)))!);
        using (var early = await _site.Http.SendAsync(Put(_junk[4], 0, 40))) Assert.Equal(HttpStatusCode.TooManyRequests, early.StatusCode);
        using (var known = await _site.Http.SendAsync(Put(_junk[1], 0, 40))) Assert.Equal(HttpStatusCode.Accepted, known.StatusCode);
        Assert.Equal([Digest.Of(_junk[1]).ToString()], Partials());

        foreach (var use in busy) use.Dispose();
        foreach (var blob in (byte[][])[_junk[4], _junk[5]])
            using (var sent = await _site.Http.SendAsync(Put(blob, 0, 40))) Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        Assert.Equal(3, Partials().Count); // the first slot's blob went out before a byte of it came, the third's likewise; the second was used since
    }

    [Fact]
    public async Task is_not_pushed_out_while_the_law_is_asked_about_it()
    {
        var slots = _coordinator.Services.GetRequiredService<UploadSlots>();
        using (await _site.Http.SendAsync(Put(_junk[0], 0, _junk[0].Length)))
        using (slots.Hold(Digest.Of(_junk[0])))
            foreach (var blob in _junk.Skip(1).Take(UploadSlots.ASite))
                using (await _site.Http.SendAsync(Put(blob, 0, blob.Length))) { }
        Assert.Equal(HttpStatusCode.OK, (await Head(_junk[0])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Head(_junk[1])).Status);
    }

    [Fact]
    public async Task goes_on_after_a_restart_and_still_has_an_owner()
    {
        foreach (var blob in _junk.Take(UploadSlots.ASite)) using (await _site.Http.SendAsync(Put(blob, 0, 40))) { }
        await File.WriteAllBytesAsync(Path.Combine(_coordinator.Directory.Partial, Digest.Of("nobody's"u8).ToString()), new byte[40]);
        await Restart();
        Assert.Equal(UploadSlots.ASite, Partials().Count);
        Assert.Equal((HttpStatusCode.NotFound, 40), await Head(_junk[0]));
        using (var more = await _site.Http.SendAsync(Put(_junk[4], 0, 40))) Assert.Equal(HttpStatusCode.Accepted, more.StatusCode);
        Assert.Equal((HttpStatusCode.NotFound, 0), await Head(_junk[0]));
        using (var rest = await _site.Http.SendAsync(Put(_junk[1], 40, _junk[1].Length))) Assert.Equal(HttpStatusCode.Created, rest.StatusCode);
    }

    [Fact]
    public async Task is_cleared_away_at_a_start_when_no_open_round_can_want_it()
    {
        using (await _site.Http.SendAsync(Put(_junk[0], 0, 40))) { }
        using (await _site.Http.SendAsync(Put(_junk[1], 0, _junk[1].Length))) { }
        await _coordinator.Admin.StopStudyAsync(new StudyRequest { Study = "uploads" });
        await Restart();
        Assert.Empty(Partials());
        Assert.False(File.Exists(Path.Combine(_coordinator.Directory.Blobs, Digest.Of(_junk[1]).ToString()[..2], Digest.Of(_junk[1]).ToString())));
    }

    [Fact]
    public async Task that_came_whole_before_its_process_ended_is_verified_when_its_site_asks()
    {
        using (await _site.Http.SendAsync(Put(_junk[0], 0, 40))) { }
        await File.WriteAllBytesAsync(Path.Combine(_coordinator.Directory.Partial, Digest.Of(_junk[0]).ToString()), _junk[0]);
        Assert.Equal((HttpStatusCode.OK, _junk[0].Length), await Head(_junk[0]));
        Assert.Empty(Partials());
    }

    private async Task Restart()
    {
        await _coordinator.Stop();
        await _coordinator.Serve();
        _site.Use(ByteString.CopyFrom(_site.Certificate.RawData));
    }

    private List<string> Partials() => [.. Directory.EnumerateFiles(_coordinator.Directory.Partial).Select(f => Path.GetFileName(f)!)];

    private async Task<(HttpStatusCode Status, long Length)> Head(byte[] blob)
    {
        using var head = await _site.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, BlobPaths.Of(Digest.Of(blob))));
        return (head.StatusCode, head.IsSuccessStatusCode ? head.Content.Headers.ContentLength ?? -1 : long.Parse(head.Headers.GetValues(BlobPaths.UploadOffset).Single()));
    }

    public ValueTask DisposeAsync() => _coordinator.DisposeAsync();
}
