using BlazorChat.Common;
using BlazorChat.Common.Components;

namespace BlazorChat.Admin.Pages;

/// <summary>A page with forms for admins.</summary>
public abstract class AdminPage : StaticPage
{
    /// <summary>Why the command of the form was refused; null when it was not.</summary>
    protected string? Error { get; set; }

    /// <summary>Executes the command of a form; false when it was refused.</summary>
    protected async Task<bool> TryAsync(Func<Task> command)
    {
        try
        {
            await command();
            return true;
        }
        catch (RefusedException refused)
        {
            Error = refused.Message;
            return false;
        }
    }
}
