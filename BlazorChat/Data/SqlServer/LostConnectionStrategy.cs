using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace BlazorChat.Data.SqlServer;

/// <summary>
/// Retries what failed because the connection was lost, in addition to the error numbers on EF's own list. On Linux a lost connection has number 0,
/// and so has a command that was cancelled, so a lost connection is recognised by its class and its cause.
/// </summary>
internal sealed class LostConnectionStrategy(ExecutionStrategyDependencies dependencies) : SqlServerRetryingExecutionStrategy(dependencies)
{
    /// <summary>The lowest class of errors that end the connection. A cancelled command has class 11.</summary>
    private const byte Fatal = 20;

    protected override bool ShouldRetryOn(Exception exception) => base.ShouldRetryOn(exception) || IsLostConnection(exception);

    /// <summary>False for a connection that was never made: no server answers, or its certificate is not trusted.</summary>
    internal static bool IsLostConnection(Exception exception) =>
        exception is SqlException { Class: >= Fatal } lost && lost.ClientConnectionId != Guid.Empty && !IsUntrustedCertificate(lost.InnerException);

    private static bool IsUntrustedCertificate(Exception? cause) => cause is AuthenticationException || (cause is not null && IsUntrustedCertificate(cause.InnerException));
}
