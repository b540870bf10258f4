using System.Collections.Immutable;
using DeepSeek.Federated.Domain.Events;
using DeepSeek.Federated.Domain.Studies;
using static DeepSeek.Federated.Domain.Events.StudyEvent;

namespace DeepSeek.Federated.Grains.Studies;

/// <summary>When a round began and ended.</summary>
internal sealed record RoundTimes(DateTimeOffset Opened, DateTimeOffset? Ended);

/// <summary>The law's state, and beside it the times that people want to see.</summary>
internal sealed record StudyBook(StudyState Study, ImmutableDictionary<int, RoundTimes> Times)
{
    internal static StudyBook Empty { get; } = new(StudyState.Unknown, ImmutableDictionary<int, RoundTimes>.Empty);

    internal static StudyBook Apply(StudyBook book, LedgerEvent happened, DateTimeOffset at) => new(
        Domain.Studies.Study.Apply(book.Study, happened, at),
        happened switch
        {
            RoundOpened e                        => book.Times.SetItem(e.Round, new RoundTimes(at, null)),
            RoundFailed e                        => Ended(book.Times, e.Round, at),
            AggregateRevealed e                  => Ended(book.Times, e.Round, at),
            VersionPublished { Round: > 0 } e    => Ended(book.Times, e.Round, at),
            _                                    => book.Times,
        });

    private static ImmutableDictionary<int, RoundTimes> Ended(ImmutableDictionary<int, RoundTimes> times, int round, DateTimeOffset at) =>
        times.SetItem(round, times[round] with { Ended = at });
}
