using System.Globalization;
using BlazorChat.Common.Localization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorChat.Shell.Circuits;

/// <summary>
/// Keeps a circuit in the language in which it started. Each connection has the language of its own request, so without it a circuit that
/// reconnects after its person has chosen another language would mix two of them on one page.
/// </summary>
internal sealed class CircuitLanguage : CircuitHandler
{
    // A circuit creates its handlers while it starts.
    private readonly CultureInfo _language = CultureInfo.CurrentUICulture;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) => async context =>
    {
        SiteLanguages.Use(_language);
        await next(context);
    };
}
