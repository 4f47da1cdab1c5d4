using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace BlazorChat.Markup.Parsing;

/// <summary>The box of a task as a character, so that it is the same in rooms, feeds, mails and notifications, and nobody tries to check it.</summary>
internal sealed class TaskRenderer : HtmlObjectRenderer<TaskList>
{
    /// <summary>The class of its item, which has no bullet.</summary>
    public const string ClassName = "task";

    protected override void Write(HtmlRenderer renderer, TaskList obj) => renderer.Write(obj.Checked ? "☑" : "☐");
}
