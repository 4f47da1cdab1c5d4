using Microsoft.Extensions.Localization;
using MudBlazor;

namespace BlazorChat.Shell.Layout;

/// <summary>The words of MudBlazor's own controls, which it has in English alone.</summary>
internal sealed class ControlLocalizer : MudLocalizer
{
    public override LocalizedString this[string key] => this[key, []];

    public override LocalizedString this[string key, params object[] arguments]
    {
        get
        {
            var text = key switch
            {
                "MudBaseDatePicker_NextMonth" => ShellTexts.Get("NextMonth", arguments),
                "MudBaseDatePicker_NextYear" => ShellTexts.Get("NextYear", arguments),
                "MudBaseDatePicker_PrevMonth" => ShellTexts.Get("PreviousMonth", arguments),
                "MudBaseDatePicker_PrevYear" => ShellTexts.Get("PreviousYear", arguments),
                "MudDataGrid_Loading" => ShellTexts.Get("Loading"),
                "MudDataGridPager_FirstPage" => ShellTexts.Get("FirstPage"),
                "MudDataGridPager_LastPage" => ShellTexts.Get("LastPage"),
                "MudDataGridPager_NextPage" => ShellTexts.Get("NextPage"),
                "MudDataGridPager_PreviousPage" => ShellTexts.Get("PreviousPage"),
                "MudDialog_Close" => ShellTexts.Get("CloseDialog"),
                _ => null,
            };
            return new LocalizedString(key, text?.ToString() ?? key, resourceNotFound: text is null);
        }
    }
}
