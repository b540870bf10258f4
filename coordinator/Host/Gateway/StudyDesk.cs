using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>The operators' part that is about studies.</summary>
internal sealed class StudyDesk(
    IGrainFactory grains, StudyRegister register, StudyBoard board, Door door, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<StudyDesk> log)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(200), LongestSilence = TimeSpan.FromSeconds(5);

    public async Task<SubmitStudyReply> Submit(ByteString manifest, Caller.OfOperator by)
    {
        // The grain is named by the study: the name must be read before the grain can read the rest.
        if (ManifestReader.ReadCanonical(manifest.Memory) is not ManifestReading.Read(var read))
            throw Faulty(((ManifestReading.Faulty)ManifestReader.ReadCanonical(manifest.Memory)).Faults);
        switch (await grains.GetGrain<IStudyGrain>(read.Name.Value).Submit(manifest.ToByteArray(), by.Actor))
        {
            case SubmitOutcome.Running(var digest, var initial, var already):
                if (!already) log.StudySubmitted(by.Admitted.Operator, read.Name.Value);
                return new SubmitStudyReply { Study = read.Name.Value, ManifestDigest = digest.ToString(), InitialVersion = initial.ToString(), AlreadyThere = already };
            case SubmitOutcome.Faulty(var faults):
                throw Faulty(faults);
            case SubmitOutcome.Refused(var why):
                throw why.ToRpcException();
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is no outcome.");
        }
    }

    public async Task Stop(StudyId study, string actor)
    {
        Known(study);
        Requests.Accepted(await grains.GetGrain<IStudyGrain>(study.Value).Stop(actor));
    }

    public async Task<StudyStatus> Status(StudyId study)
    {
        Known(study);
        return await grains.GetGrain<IStudyGrain>(study.Value).Status() is { } view ? StudyStatuses.Of(view) : throw Refusal.StudyUnknown.ToRpcException();
    }

    public async Task<ListStudiesReply> List()
    {
        var reply = new ListStudiesReply();
        foreach (var (study, _) in register.Studies) reply.Studies.Add(await Status(study));
        return reply;
    }

    /// <summary>The status now and after every change, at most five a second, until the study has ended.</summary>
    public async Task Watch(StudyId study, Caller caller, IServerStreamWriter<StudyStatus> to, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        StudyStatus? sent = null;
        while (true)
        {
            if (door.Enter(caller.Certificate, Access.Reader) is Entry.Turned turned) throw turned.ToRpcException();
            var size = board.Now.Size;
            var status = await Status(study);
            if (!status.Equals(sent)) await to.WriteAsync(sent = status, ending.Token);
            if (status.Phase != Domain.Reading.Words.Of(StudyPhase.Running)) return;
            await Task.Delay(ShortestPause, clock, ending.Token);
            await ChangeOrSilence(size, ending.Token);
        }
    }

    private async Task ChangeOrSilence(long size, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // What a study waits for may change without a leaf (a trouble, a certificate's end), so silence has a limit.
        var silence = Task.Delay(LongestSilence, clock, enough.Token);
        await await Task.WhenAny(board.WaitBeyond(size, enough.Token), silence);
        await enough.CancelAsync();
    }

    private void Known(StudyId study)
    {
        if (!board.Now.Studies.ContainsKey(study)) throw Refusal.StudyUnknown.ToRpcException();
    }

    private static RpcException Faulty(IEnumerable<string> faults) => Requests.Invalid($"The manifest is faulty:\n{string.Join('\n', faults)}");
}
