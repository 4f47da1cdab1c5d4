using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data.SqlServer;

/// <summary>
/// Tries again what failed because the connection was lost, beside the errors that EF's own list has by their numbers. On Linux a lost
/// connection is number 0, as is a command that its user cancelled: so it is known by its class and its cause.
/// </summary>
internal sealed class LostConnectionStrategy(ExecutionStrategyDependencies dependencies) : SqlServerRetryingExecutionStrategy(dependencies)
{
    /// <summary>From this class on, the server or the network has ended the connection; a cancelled command has 11.</summary>
    private const byte Fatal = 20;

    protected override bool ShouldRetryOn(Exception exception) => base.ShouldRetryOn(exception) || IsLostConnection(exception);

    /// <summary>False for a connection that was never made: no server is there, or its certificate is not trusted.</summary>
    internal static bool IsLostConnection(Exception exception) =>
        exception is SqlException { Class: >= Fatal } lost && lost.ClientConnectionId != Guid.Empty && !IsUntrustedCertificate(lost.InnerException);

    private static bool IsUntrustedCertificate(Exception? cause) => cause is AuthenticationException || (cause is not null && IsUntrustedCertificate(cause.InnerException));
}
