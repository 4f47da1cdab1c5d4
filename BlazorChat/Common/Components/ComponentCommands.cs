using BlazorChat.Common.Localization;

namespace BlazorChat.Common.Components;

/// <summary>
/// Runs the commands of a component. A refusal or a failure becomes a sentence that the component shows beside the button, and the circuit
/// continues. Call it on the renderer's dispatcher.
/// </summary>
/// <param name="closed">Cancelled when the component is disposed. Failures after that are ignored.</param>
internal sealed partial class ComponentCommands(ILogger logger, CancellationToken closed)
{
    private object? _failedAt;
    private string? _reason;

    /// <summary>Runs a command and removes the previous error.</summary>
    /// <param name="at">Identifies the button, for <see cref="ErrorAt"/>.</param>
    /// <param name="command">The command.</param>
    /// <param name="failure">The sentence for a failure that is not a refusal; null for a general one.</param>
    /// <returns>True when the command was carried out.</returns>
    public async Task<bool> TryAsync(object at, Func<Task> command, string? failure = null)
    {
        (_failedAt, _reason) = (null, null);
        try
        {
            await command();
            return true;
        }
        catch (RefusedException refused)
        {
            (_failedAt, _reason) = (at, refused.Message);
        }
        catch (Exception) when (closed.IsCancellationRequested)
        {
            // The component is disposed.
        }
        catch (Exception exception)
        {
            LogFailed(logger, exception);
            (_failedAt, _reason) = (at, failure ?? CommonTexts.Get("CommandFailed").ToString());
        }

        return false;
    }

    /// <summary>Why the last command failed; null when it did not, or belongs to another button.</summary>
    public string? ErrorAt(object at) => at.Equals(_failedAt) ? _reason : null;

    [LoggerMessage(1, LogLevel.Error, "A command of a page failed")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
