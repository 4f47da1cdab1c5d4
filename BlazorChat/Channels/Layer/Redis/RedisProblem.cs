using StackExchange.Redis;

namespace BlazorChat.Channels.Layer.Redis;

/// <summary>Why Redis did not carry out a command.</summary>
/// <param name="Code">One of the constants below, for programs: <c>/health/ready</c> has it.</param>
/// <param name="IsRefusal">True when Redis answered and will give the same answer until somebody changes something.</param>
/// <param name="Reason">For people: the log has it.</param>
internal sealed record RedisProblem(string Code, bool IsRefusal, string Reason)
{
    public const string Unreachable = "unreachable";
    public const string Busy = "busy";
    public const string Full = "full";
    public const string NoPermission = "no_permission";
    public const string WrongCredentials = "wrong_credentials";
    public const string UnknownCommand = "unknown_command";
    public const string Refused = "refused";

    /// <summary>Prefixes of errors that pass by themselves, as during a start or a failover.</summary>
    private static readonly string[] Transient =
        ["LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "READONLY", "NOREPLICAS", "NOSCRIPT", "NOGROUP", "MOVED", "ASK"];

    private static readonly (string Part, string Code)[] Refusals =
    [
        ("OOM ", Full),
        ("WRONGPASS", WrongCredentials),
        ("NOAUTH", WrongCredentials),
        ("NOPERM", NoPermission),
        ("ACL failure in script", NoPermission),
        ("The user executing the script", NoPermission),
        ("unknown command", UnknownCommand),
        ("Unknown Redis command", UnknownCommand),
        ("unknown subcommand", UnknownCommand),
    ];

    /// <summary>Whether an exception means that Redis did not carry out a command, and no fault of this program.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is RedisException or RedisIdentityException or TimeoutException or ObjectDisposedException;

    public static RedisProblem Of(Exception exception)
    {
        if (exception is RedisIdentityException)
            return new RedisProblem(WrongCredentials, IsRefusal: true, exception.Message);
        if (exception is not RedisServerException)
            return OfConnection(exception);
        var message = exception.Message;
        if (Transient.Any(beginning => message.StartsWith(beginning, StringComparison.Ordinal)))
            return new RedisProblem(Busy, IsRefusal: false, message);
        var code = Refusals.FirstOrDefault(refusal => message.Contains(refusal.Part, StringComparison.OrdinalIgnoreCase)).Code;
        return new RedisProblem(code ?? Refused, IsRefusal: true, message);
    }

    /// <summary>The client reports a refused connection as one that was never made; Redis's error is in the middle of its message.</summary>
    private static RedisProblem OfConnection(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            foreach (var (part, code) in Refusals)
            {
                if (code is not (NoPermission or WrongCredentials) || cause.Message.IndexOf(part, StringComparison.Ordinal) is not (>= 0 and var at))
                    continue;
                return new RedisProblem(code, IsRefusal: true, cause.Message[at..].Split(',')[0]);
            }
        }

        return new RedisProblem(Unreachable, IsRefusal: false, "it does not answer");
    }
}

/// <summary>Redis has authenticated this process as another user than the settings name.</summary>
internal sealed class RedisIdentityException(string wanted, string actual) : Exception(
    $"Redis lets this process in as the user '{actual}', not as '{wanted}': the name or the password in ConnectionStrings:Redis is wrong.");
