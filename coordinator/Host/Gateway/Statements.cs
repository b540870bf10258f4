using System.Collections.Frozen;
using DeepSeek.Federated.Coordinator.Studies;
using DeepSeek.Federated.Domain.Encoding;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Rounds;
using DeepSeek.Federated.Domain.Studies;
using DeepSeek.Federated.Grains;
using DeepSeek.Federated.Grains.Studies;
using DeepSeek.Federated.Lineage.Leaves;
using DeepSeek.Federated.Protocol;
using DeepSeek.Federated.Protocol.V1;
using DeepSeek.Federated.Signing.Keys;
using Google.Protobuf;
using Grpc.Core;
using static DeepSeek.Federated.Domain.Events.RoundEvent;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Coordinator.Gateway;

/// <summary>Takes what sites state in their own name: form, sender and signature are checked here, the law decides in the study's grain.</summary>
internal sealed class Statements(EventCatalog catalog, StudyBoard board, UpdateCheck updates, UploadSlots slots, IGrainFactory grains)
{
    private const int SchemaVersion = 1;
    private const int LongestBody = 16 * 1024;

    private static readonly FrozenSet<Type> Stated =
        new[] { typeof(StudyApproved), typeof(StudyDeclined), typeof(SiteConsented), typeof(SiteDeclined), typeof(UpdateAccepted) }.ToFrozenSet();

    public async Task<StatementReply> Record(Caller.OfSite caller, StatementRequest request, CancellationToken cancellationToken)
    {
        var happened = Decode(request);
        if (((ISiteStatement)happened).Site != caller.Site)
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"A site speaks for itself only: the certificate is of '{caller.Site}', the statement is not."));
        if (!SiteStatement.Verify(catalog, happened, PublicKey.Parse(caller.Member.Identity)))
            throw Requests.Invalid($"The statement is not signed by the identity that '{caller.Site}' enrolled with. Restore the agent's identity.key, or have the site revoked and invited anew.");
        var privatePart = PrivateOf(request.PrivatePart);

        var study = StudyOf(happened);
        if (!board.Now.Studies.TryGetValue(study, out var entry)) throw Refusal.StudyUnknown.ToRpcException();
        var answer = await Decide(study, entry.State, happened, privatePart, cancellationToken);
        if (answer is Answer.Late && happened is UpdateAccepted late) await slots.Drop(late.Site, late.Blob);
        return new StatementReply { Answer = Reply(answer) };
    }

    private async Task<Answer> Decide(StudyId study, StudyState state, LedgerEvent happened, byte[]? privatePart, CancellationToken cancellationToken)
    {
        // The bytes stay until the law has answered: they are looked at here, and counted on only then.
        using var kept = happened is UpdateAccepted announced ? slots.Hold(announced.Blob) : null;
        if (happened is UpdateAccepted update)
        {
            // The board shows a round before any site can know of it. One that only the law knows yet would be taken unseen.
            var round = state.RoundNumbered(update.Round) ?? throw Refusal.RoundNotOpen.ToRpcException();
            // A round that is closed takes nothing any more: the law answers "late", whether or not the bytes came.
            if (round is RoundState.Collecting open) await updates.Require(update, open, state.Manifest!, cancellationToken);
        }
        return await grains.GetGrain<IStudyGrain>(study.Value).State(happened, privatePart);
    }

    private LedgerEvent Decode(StatementRequest request)
    {
        if (request.Body.Length > LongestBody) throw Requests.Invalid($"A statement has at most {LongestBody} bytes, not {request.Body.Length}.");
        if (!catalog.Types.Any(t => t.Name == request.Type && Stated.Contains(t.Record)))
            throw Requests.Invalid($"'{request.Type}' is not a statement of a site. Known: {string.Join(", ", catalog.Types.Where(t => Stated.Contains(t.Record)).Select(t => t.Name))}.");
        try
        {
            return catalog.Decode(request.Type, SchemaVersion, request.Body.Memory);
        }
        catch (FormatException broken)
        {
            throw Requests.Invalid($"{broken.Message} Update the agent.");
        }
    }

    private static byte[]? PrivateOf(ByteString part)
    {
        if (part.IsEmpty) return null;
        if (part.Length > WireLimits.PrivatePartBytes) throw Requests.Invalid($"A private part has at most {WireLimits.PrivatePartBytes} bytes, not {part.Length}.");
        try
        {
            CanonicalJson.ParseCanonical(part.Memory).Dispose();
            return part.ToByteArray();
        }
        catch (FormatException broken)
        {
            throw Requests.Invalid($"The private part is refused: {broken.Message}");
        }
    }

    private static StudyId StudyOf(LedgerEvent happened) => happened switch
    {
        StudyEvent e => e.Study,
        RoundEvent e => e.Study,
        _            => throw new InvalidOperationException($"{happened.GetType().Name} belongs to no study."),
    };

    private static StatementReply.Types.Answer Reply(Answer answer) => answer switch
    {
        Answer.Recorded         => StatementReply.Types.Answer.Recorded,
        Answer.AlreadyRecorded  => StatementReply.Types.Answer.AlreadyRecorded,
        Answer.Late             => StatementReply.Types.Answer.Late,
        Answer.Refused(var why) => throw why.ToRpcException(),
        _                       => throw new InvalidOperationException($"{answer.GetType().Name} is no answer."),
    };
}
