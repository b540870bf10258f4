using System.Security.Authentication;
using Npgsql;

namespace DeepSeek.Federated.Storage.Tables;

/// <summary>The states are those of PostgreSQL's appendix A. No message of the library holds a password.</summary>
internal static class PostgresFault
{
    private const string GoesOn = "The ledger goes on by itself.";

    public static string Sentence(NpgsqlException broken) => broken switch
    {
        PostgresException said => Sentence(said),
        { InnerException: AuthenticationException } or { Message: "SSL connection requested. No SSL enabled connection from this host is configured." } =>
            $"PostgreSQL offers no TLS that can be trusted ({(broken.InnerException ?? broken).Message}). Give the server a certificate for its name and the "
            + "connection string its 'Root Certificate', or say 'SSL Mode=Disable' in it where nobody can listen on the line.",
        _ => $"PostgreSQL does not answer: nothing was recorded ({Reason(broken)}). Start the server, or correct host and port in the connection string. {GoesOn}",
    };

    private static string Sentence(PostgresException said) => said.SqlState switch
    {
        PostgresErrorCodes.DiskFull => $"The ledger's disk is full: nothing was written. Free space on PostgreSQL's machine. {GoesOn}",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.IdleSessionTimeout =>
            $"PostgreSQL is stopping or starting: nothing was recorded. Start it if nobody does. {GoesOn}",
        PostgresErrorCodes.TooManyConnections =>
            $"PostgreSQL has no connection left: nothing was recorded. Raise its max_connections, or set 'Maximum Pool Size' in the connection string. {GoesOn}",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"PostgreSQL refuses the user ({said.MessageText}). Correct user name and password in the connection string, or the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName => $"PostgreSQL has no such database ({said.MessageText}). Make it (CREATE DATABASE), or correct the connection string.",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"PostgreSQL does not let the user do what the ledger needs ({said.MessageText}). Make the user the owner of the database.",
        PostgresErrorCodes.ReadOnlySqlTransaction => $"This PostgreSQL server takes no writes: it is a standby or was set read-only. Name the primary. {GoesOn}",
        PostgresErrorCodes.DuplicateTable =>
            $"The database holds tables of something else ({said.MessageText}). Give the ledger a database of its own.",
        _ => $"The ledger could not be read or written: {said.MessageText} ({said.SqlState}). PostgreSQL's log says more.",
    };

    private static string Reason(Exception broken) =>
        broken.InnerException is { } inner && !broken.Message.Contains(inner.Message, StringComparison.Ordinal) ? $"{broken.Message}: {inner.Message}" : broken.Message;
}
