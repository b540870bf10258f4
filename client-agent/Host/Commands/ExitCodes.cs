namespace DeepSeek.Federated.Agent.Commands;

/// <summary>What a command's exit status means; the same numbers as those of the coordinator and of dsfed.</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The coordinator or the site said no, or a verification failed.</summary>
    public const int Refused = 1;

    /// <summary>The command line or a file of the site is not as it must be.</summary>
    public const int WrongUsage = 2;

    public const int Unreachable = 3;

    /// <summary>Ended by Ctrl-C (128 + SIGINT, as shells have it).</summary>
    public const int Interrupted = 130;
}
